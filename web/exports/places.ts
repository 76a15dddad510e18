import { decode, encoder, grouped } from "./bytes.ts";
import { ExportRefused } from "./refusal.ts";

/** Counts the places (communities, artists) of an export, whatever their letters' case. */
export class PlaceCounter {
  readonly #rows = new Map<string, number>();
  readonly #limit: number;
  readonly #maxNameBytes: number;

  constructor(limit: number, maxNameBytes: number) {
    this.#limit = limit;
    this.#maxNameBytes = maxNameBytes;
  }

  /** How many were named, counted or not. */
  get size(): number {
    return this.#rows.size;
  }

  /** Notes a row at a place. `counts`: false for a row that is another one told again. Empty and overlong names are none. */
  add(name: Uint8Array, counts: boolean): void {
    if (name.length === 0 || name.length > this.#maxNameBytes) return;
    const key = lower(name);
    const rows = this.#rows.get(key);
    if (rows === undefined && this.#rows.size >= this.#limit)
      throw new ExportRefused(
        "export.too_many_places", `The export names more than ${grouped(this.#limit)} communities, domains or the like.`,
        "No account has been in so many.");
    this.#rows.set(key, (rows ?? 0) + (counts ? 1 : 0));
  }

  /** Notes a row at a place; one of which the name is too long is told by its beginning, cut between characters. */
  addText(name: string): void {
    let bytes = encoder.encode(name);
    if (bytes.length > this.#maxNameBytes) {
      let cut = this.#maxNameBytes;
      while ((bytes[cut]! & 0xc0) === 0x80) cut--;
      bytes = bytes.subarray(0, cut);
    }
    this.add(bytes, true);
  }

  /** The places with rows. */
  *[Symbol.iterator](): Iterator<[string, number]> {
    for (const entry of this.#rows) if (entry[1] > 0) yield entry;
  }
}

// Only Latin letters have a case here; other characters stay as they are.
const lower = (name: Uint8Array): string => decode(name).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
