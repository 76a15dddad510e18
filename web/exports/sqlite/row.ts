import { view } from "../bytes.ts";
import { nullValue } from "../values.ts";
import type { SourceValue } from "../values.ts";
import { NumberReader, readInteger, writeReal } from "./number.ts";
import type { Whole } from "./number.ts";
import type { TextEncoding } from "./pages.ts";
import { damaged } from "./refusal.ts";

const mostColumns = 32_767;

/** One row in memory, its values found by their place: file format §2.1. */
export class SqliteRow {
  readonly #decoder: TextDecoder;
  readonly #encoding: TextEncoding;
  readonly #number = new NumberReader();
  #payload = new Uint8Array(4096);
  #size = 0;
  readonly #types: number[] = [];
  readonly #starts: number[] = [];

  rowId: Whole = 0;
  /** Values in the row: fewer than the table's columns when some were added since. */
  count = 0;

  constructor(encoding: TextEncoding) {
    this.#encoding = encoding;
    // SQLite keeps as text what it is given. Browsers cut titles inside a character, and one such title must not cost a whole history:
    // what is not text becomes U+FFFD.
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
  }

  /** Room for a row's bytes. */
  start(rowId: Whole, size: number): Uint8Array {
    if (this.#payload.length < size) this.#payload = new Uint8Array(Math.max(size, this.#payload.length * 2));
    this.rowId = rowId;
    this.count = 0;
    this.#size = size;
    return this.#payload.subarray(0, size);
  }

  parse(name: string): void {
    const bytes = this.#payload.subarray(0, this.#size);
    const number = this.#number;
    let at = number.varint(bytes, 0);
    const headerEnd = number.value;
    if (at === 0 || headerEnd < at || headerEnd > this.#size) throw damaged(name, `has a row without a header, number ${this.rowId}`);
    const header = bytes.subarray(0, Number(headerEnd));
    let start = header.length;
    while (at < header.length) {
      const length = number.varint(header, at);
      const type = number.value;
      if (length === 0 || type < 0 || type === 10 || type === 11 || this.count === mostColumns)
        throw damaged(name, `has a row with a broken header, number ${this.rowId}`);
      at += length;
      const size = sizeOf(Number(type));
      if (start + size > this.#size) throw damaged(name, `has a row longer than it says, number ${this.rowId}`);
      this.#types[this.count] = Number(type);
      this.#starts[this.count++] = start;
      start += size;
    }
    if (start !== this.#size) throw damaged(name, `has a row shorter than it says, number ${this.rowId}`);
  }

  /** A value that is a whole number; undefined when it is something else. */
  integer(column: number): Whole | undefined {
    const type = this.#types[column]!;
    if (type >= 1 && type <= 6) return readInteger(this.#payload, this.#starts[column]!, sizeOf(type));
    return type === 8 || type === 9 ? type - 8 : undefined;
  }

  /** A value as it is stored. */
  get(column: number): SourceValue {
    const type = this.#types[column]!;
    if (type === 0) return nullValue;
    const start = this.#starts[column]!;
    if (type === 7) {
      const real = view(this.#payload).getFloat64(start);
      // SQLite has no NaN: it gives NULL.
      return Number.isNaN(real) ? nullValue : { kind: "number", text: writeReal(real) };
    }
    if (type < 10) return { kind: "number", text: String(this.integer(column)) };
    if (type % 2 === 0) return { kind: "blob", text: "" };
    return { kind: "text", text: this.#text(start, sizeOf(type)) };
  }

  #text(start: number, length: number): string {
    const even = this.#encoding === "utf-8" ? length : length & ~1;
    const text = this.#decoder.decode(this.#payload.subarray(start, start + even));
    return text.includes("\0") ? text.replaceAll("\0", "\uFFFD") : text;
  }
}

function sizeOf(type: number): number {
  if (type < 5) return type;
  if (type < 8) return type === 5 ? 6 : 8;
  return type < 10 ? 0 : Math.floor((type - 12) / 2);
}
