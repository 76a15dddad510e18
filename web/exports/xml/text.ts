import type { ByteSource } from "../csv/reader.ts";
import { hint, tooLong } from "../json/lexer.ts";
import type { ExportLimits } from "../limits.ts";
import { ExportRefused } from "../refusal.ts";

// What was taken ahead of a record counts too.
const readAhead = 16 << 10;

/** Strict UTF-8 text of a file, a piece of it in memory: what was not used yet, and never more than a record may have. */
export class MeteredText {
  readonly #source: ByteSource;
  readonly #limits: ExportLimits;
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true });
  /** Place of the held text in the file, in code units. */
  #base = 0;
  #mark = 0;
  #line = 1;
  #lineStart = 0;

  held = "";
  /** Up to where the held text was used. */
  at = 0;
  ended = false;

  constructor(source: ByteSource, limits: ExportLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  /** What was used so far is done with. */
  mark(): void {
    this.#mark = this.#base + this.at;
  }

  /** Brings more of the file behind what is held. */
  async fill(): Promise<void> {
    if (this.#base + this.held.length - this.#mark > this.#limits.rowBytes + readAhead) throw tooLong(this.#source.name, this.#limits.rowBytes);
    const chunk = await this.#source.next();
    const more = this.#decode(chunk);
    this.#countLines(this.at);
    this.held = this.held.slice(this.at) + more;
    this.#base += this.at;
    this.at = 0;
    this.ended = chunk === undefined;
  }

  /** What stands at a place of the held text is no XML. */
  broken(at: number): ExportRefused {
    this.#countLines(at);
    return new ExportRefused(
      "export.xml", `${this.#source.name} is not well-formed XML: line ${this.#line}, column ${this.#base + at - this.#lineStart + 1}.`, hint);
  }

  #countLines(until: number): void {
    for (let at = this.held.indexOf("\n"); at >= 0 && at < until; at = this.held.indexOf("\n", at + 1)) {
      this.#line++;
      this.#lineStart = this.#base + at + 1;
    }
  }

  #decode(chunk: Uint8Array | undefined): string {
    try {
      return this.#utf8.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new ExportRefused("export.encoding", `${this.#source.name} is not UTF-8.`, hint);
    }
  }
}
