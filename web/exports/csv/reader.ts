import { decode, grouped, isUtf8, startsWith } from "../bytes.ts";
import type { ExportLimits } from "../limits.ts";
import { ExportRefused } from "../refusal.ts";

/** Where a reader's bytes come from. */
export interface ByteSource {
  readonly name: string;
  next(): Promise<Uint8Array | undefined>;
}

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Streaming RFC 4180 over UTF-8 bytes: one row in memory at a time.
 *
 * A byte-order mark is skipped; CRLF and LF end rows; empty lines are skipped. Refused with their own codes: UTF-16, bytes that are
 * not UTF-8, NUL, a quote inside an unquoted field or text after a closing one, a carriage return alone, too many columns, a field
 * or row that is too long.
 */
export class CsvReader {
  readonly #source: ByteSource;
  readonly #limits: ExportLimits;
  readonly #delimiter: number;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  #buffer = new Uint8Array(0);
  #row = 0;
  #at = 0;
  #end = 0;
  #ended = false;
  #isAscii = true;

  /** Fields of the row that was read last. */
  fieldCount = 0;
  /** Number of that row; the header is row 1. */
  rowNumber = 0;

  constructor(source: ByteSource, limits: ExportLimits, delimiter = ",") {
    this.#source = source;
    this.#limits = limits;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#starts = new Int32Array(limits.columns);
    this.#ends = new Int32Array(limits.columns);
  }

  /** Looks at the first bytes; call once, before the first row. */
  async start(): Promise<void> {
    while (this.#end < 4 && !this.#ended) await this.#fill();
    this.#refuseOtherFormats();
    if (startsWith(this.#buffer.subarray(0, this.#end), [0xef, 0xbb, 0xbf])) this.#at = 3;
  }

  /** Reads the next row that is not an empty line; false at the end of the file. */
  async read(): Promise<boolean> {
    do {
      this.#row = this.#at;
      if (this.#at === this.#end && !(await this.#more())) return false;
      this.rowNumber++;
      while (!this.#parse()) {
        if (this.#end - this.#row >= this.#limits.rowBytes)
          throw this.#refuse("export.row_too_long", `has more than ${grouped(this.#limits.rowBytes)} bytes`);
        await this.#fill();
      }
    } while (this.#isEmptyLine);
    this.#checkText();
    return true;
  }

  /** Takes a row that lies whole in what is held, without waiting; false when `read` must be asked. */
  readHeld(): boolean {
    if (this.#at === this.#end) return false;
    const at = this.#at;
    this.#row = at;
    this.rowNumber++;
    if (!this.#parse() || this.#isEmptyLine) {
      this.#at = at;
      this.rowNumber--;
      return false;
    }
    this.#checkText();
    return true;
  }

  /** The bytes of the row without its line end. */
  get rawRow(): Uint8Array {
    return this.#buffer.subarray(this.#row, this.#ends[this.fieldCount - 1]);
  }

  /** A field as it stands in the file, quotes included, or several with what is between them. Valid until the next row. */
  raw(first: number, last = first): Uint8Array {
    return this.#buffer.subarray(this.#starts[first], this.#ends[last]);
  }

  /** A field's value. Valid until the next row. */
  value(index: number): Uint8Array {
    const raw = this.raw(index);
    return raw[0] === quote ? unescape(raw.subarray(1, raw.length - 1)) : raw;
  }

  text(index: number): string {
    return decode(this.value(index));
  }

  get #isEmptyLine(): boolean {
    return this.fieldCount === 1 && this.#ends[0] === this.#starts[0];
  }

  // Parses the row that begins at #row; false when it goes on beyond what is held.
  #parse(): boolean {
    const buffer = this.#buffer;
    const end = this.#end;
    this.fieldCount = 0;
    this.#isAscii = true;
    let at = this.#row;
    for (;;) {
      if (this.fieldCount === this.#starts.length)
        throw this.#refuse("export.row_too_wide", `has more than ${this.#starts.length} columns`);
      const start = at;
      let marks = 0;
      if (at < end && buffer[at] === quote) {
        at++;
        for (;;) {
          while (at < end && buffer[at] !== quote) marks |= buffer[at++]!;
          if (at === end) return this.#unfinished(start, at);
          at++;
          if (at === end && !this.#ended) return this.#unfinished(start, at);
          if (at === end || buffer[at] !== quote) break;
          at++;
        }
      } else {
        for (; at < end; at++) {
          const byte = buffer[at]!;
          if (byte === this.#delimiter || byte === lineFeed || byte === carriageReturn) break;
          if (byte === quote) throw this.#refuse("export.quote", "has a quote inside a field that is not quoted");
          marks |= byte;
        }
        if (at === end && !this.#ended) return this.#unfinished(start, at);
      }

      if ((marks & 0x80) !== 0) this.#isAscii = false;
      this.#checkLength(start, at);
      this.#starts[this.fieldCount] = start;
      this.#ends[this.fieldCount++] = at;
      if (at === end) {
        this.#at = at;
        return true;
      }

      const next = buffer[at++];
      if (next === this.#delimiter) continue;
      if (next === carriageReturn) {
        if (at === end && !this.#ended) return false;
        if (at === end || buffer[at] !== lineFeed) throw this.#refuse("export.line_ending", "has a carriage return without a line feed");
        at++;
      } else if (next !== lineFeed) {
        throw this.#refuse("export.quote", "has text after a closing quote");
      }
      this.#at = at;
      return true;
    }
  }

  #unfinished(start: number, at: number): false {
    this.#checkLength(start, at);
    if (this.#ended) throw this.#refuse("export.quote", "has a quote that is never closed");
    return false;
  }

  #checkLength(start: number, at: number): void {
    if (at - start > this.#limits.fieldBytes)
      throw this.#refuse("export.field_too_long", `has a field of more than ${grouped(this.#limits.fieldBytes)} bytes`);
  }

  #checkText(): void {
    if (!this.#isAscii && !isUtf8(this.rawRow)) throw this.#refuse("export.encoding", "is not UTF-8");
  }

  async #more(): Promise<boolean> {
    while (!this.#ended && this.#at === this.#end) await this.#fill();
    return this.#at < this.#end;
  }

  // Brings more of the file behind what is held; keeps the bytes of the row that is being read.
  async #fill(): Promise<void> {
    const chunk = await this.#source.next();
    if (chunk === undefined) {
      this.#ended = true;
      return;
    }

    this.#append(chunk);
    if (chunk.includes(0)) {
      // UTF-16 and archives hold NUL bytes too, and have better names.
      if (this.rowNumber === 0) this.#refuseOtherFormats();
      throw this.#refuse("export.nul_byte", "has a NUL byte");
    }
  }

  #append(chunk: Uint8Array): void {
    const held = this.#end - this.#row;
    if (held + chunk.length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(128 << 10, 2 * (held + chunk.length)));
      larger.set(this.#buffer.subarray(this.#row, this.#end));
      this.#buffer = larger;
    } else {
      this.#buffer.copyWithin(0, this.#row, this.#end);
    }
    this.#at -= this.#row;
    this.#row = 0;
    this.#buffer.set(chunk, held);
    this.#end = held + chunk.length;
  }

  #refuseOtherFormats(): void {
    const head = this.#buffer.subarray(0, this.#end);
    if (startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff])) throw this.#refuse("export.utf16", "is UTF-16; an export is UTF-8");
    if (startsWith(head, [0x50, 0x4b, 3, 4])) throw this.#refuse("export.nested_archive", "is an archive inside the archive");
  }

  #refuse(code: string, what: string): ExportRefused {
    return new ExportRefused(
      code, `${this.#source.name}, row ${grouped(Math.max(this.rowNumber, 1))} ${what}.`,
      "Pass the export as it was sent; spreadsheets change files when they save them.");
  }
}

function unescape(quoted: Uint8Array): Uint8Array {
  if (!quoted.includes(quote)) return quoted;
  const plain = new Uint8Array(quoted.length);
  let length = 0;
  for (let i = 0; i < quoted.length; i++) {
    plain[length++] = quoted[i]!;
    if (quoted[i] === quote) i++;
  }
  return plain.subarray(0, length);
}
