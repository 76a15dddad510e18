import { grouped } from "../bytes.ts";
import { ExportRefused } from "../refusal.ts";

const mostTexts = 1 << 22;

/** The texts of a column that must be unique: eight bytes each, so a repetition is found but for one in 10¹¹ rows, and that the other
 *  way round costs nobody a row. */
export class SeenTexts {
  readonly #column: string;
  #slots = new Uint32Array(2 << 10);
  #count = 0;

  constructor(column: string) {
    this.#column = column;
  }

  /** Notes a text; false when it was there. */
  add(text: string): boolean {
    if (this.#count === mostTexts)
      throw new ExportRefused(
        "export.too_many_rows", `The column '${this.#column}' must be unique, which is checked for ${grouped(mostTexts)} rows at most.`,
        "Ask the operator whether larger exports can be taken.");
    // Half full at most.
    if (this.#count * 4 >= this.#slots.length) this.#grow();
    const [high, low] = hash(text);
    if (!place(this.#slots, high, low)) return false;
    this.#count++;
    return true;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += 2)
      if (this.#slots[at] !== 0 || this.#slots[at + 1] !== 0) place(larger, this.#slots[at]!, this.#slots[at + 1]!);
    this.#slots = larger;
  }
}

function place(slots: Uint32Array, high: number, low: number): boolean {
  const mask = slots.length / 2 - 1;
  for (let at = (low ^ (high >>> 7)) & mask; ; at = (at + 1) & mask) {
    const [there, under] = [slots[2 * at]!, slots[2 * at + 1]!];
    if (there === high && under === low) return false;
    if (there !== 0 || under !== 0) continue;
    slots[2 * at] = high;
    slots[2 * at + 1] = low;
    return true;
  }
}

// Two FNV-1a lanes with different primes; never zero, which marks an empty place.
function hash(text: string): readonly [number, number] {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
    b ^= b >>> 15;
  }
  a ^= a >>> 16;
  return [a >>> 0, (b >>> 0) | 1];
}
