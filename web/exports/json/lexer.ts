import { decode, grouped, startsWith } from "../bytes.ts";
import type { ByteSource } from "../csv/reader.ts";
import { ExportRefused } from "../refusal.ts";

export const hint = "Pass the export as you received it.";

export type Token = "{" | "}" | "[" | "]" | ":" | "," | "string" | "number" | "true" | "false" | "null" | "end";

const punctuation = new Map<number, Token>([..."{}[]:,"].map((mark) => [mark.charCodeAt(0), mark as Token]));
const literals = new Map<number, { readonly word: string; readonly token: Token }>(
  (["true", "false", "null"] as const).map((word) => [word.charCodeAt(0), { word, token: word }]));
const number = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const assignment = /^[ \t\r\n]*[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*[ \t\r\n]*=/;

/** Cuts a JSON document of any size into tokens, by the grammar of RFC 8259; holds one token at a time. */
export class JsonLexer {
  readonly #source: ByteSource;
  readonly #isScript: boolean;
  #buffer = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #position = 0;
  #ended = false;
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #read = 0;
  #hold: number | undefined;
  #isEscaped = false;
  #semicolons: number;

  /** Bytes that may be held at once. */
  maxHeld: number;
  /** Where the token begins that was read last, in the buffer. */
  #start = 0;

  constructor(source: ByteSource, form: "json" | "js", maxHeld: number) {
    this.#source = source;
    this.#isScript = form === "js";
    this.#semicolons = this.#isScript ? 1 : 0;
    this.maxHeld = maxHeld;
  }

  /** Place in the document of the token that was read last, and of what follows it. */
  get startPosition(): number {
    return this.#position + this.#start;
  }

  get endPosition(): number {
    return this.#position + this.#at;
  }

  /** Looks at the first bytes; call once. A script begins with one assignment, such as `window.YTD.tweets.part0 =`. */
  async start(): Promise<void> {
    while (this.#end < 256 && !this.#ended) await this.#fill();
    const head = this.#buffer.subarray(0, this.#end);
    if (startsWith(head, [0xef, 0xbb, 0xbf])) this.#at = 3;
    if (!this.#isScript) return;
    const found = assignment.exec(String.fromCharCode(...this.#buffer.subarray(this.#at, Math.min(this.#end, this.#at + 256))));
    if (found === null)
      throw new ExportRefused(
        "export.json_invalid", `${this.#source.name} does not begin with an assignment such as window.YTD.tweets.part0 =.`, hint);
    this.#at += found[0].length;
  }

  /** The next token. */
  async next(): Promise<Token> {
    for (;;) {
      const token = this.#lex();
      if (token !== undefined) return token;
      await this.#fill();
    }
  }

  /** The next token where it lies whole in what is held; else undefined, and `next` must be asked. */
  nextHeld(): Token | undefined {
    return this.#lex();
  }

  /** Goes to the end of the file, behind the document: there may be space, and a semicolon where it is a script. */
  async finish(): Promise<void> {
    for (;;) {
      for (; this.#at < this.#end; this.#at++) {
        const left = this.#buffer[this.#at]!;
        if (!isSpace(left) && (left !== 0x3b || this.#semicolons-- === 0))
          throw new ExportRefused("export.json_invalid", `${this.#source.name} goes on behind its JSON.`, hint);
      }
      if (this.#ended) return;
      await this.#fill();
    }
  }

  /** The token's text: of a string what it says, else what stands there. */
  text(): string {
    const bytes = this.#buffer.subarray(this.#start, this.#at);
    if (this.#buffer[this.#start] !== 0x22) return decode(bytes);
    if (!this.#isEscaped) return decode(bytes.subarray(1, bytes.length - 1));
    // Half a surrogate pair, which programs write when they cut a text inside a character, and NUL become U+FFFD.
    return (JSON.parse(decode(bytes)) as string).replace(/\p{Surrogate}|\0/gu, "\uFFFD");
  }

  /** Keeps all bytes from the token that was read last on, until they are taken. */
  hold(): void {
    this.#hold ??= this.#start;
  }

  /** The document from a position that is held to the end of the token that was read last; ends the hold that began there. */
  takeHeld(position: number): string {
    const from = position - this.#position;
    if (from === this.#hold) this.#hold = undefined;
    return decode(this.#buffer.subarray(from, this.#at));
  }

  broken(): ExportRefused {
    if (this.#position === 0 && startsWith(this.#buffer.subarray(0, this.#end), [0x50, 0x4b, 3, 4]))
      return new ExportRefused("export.nested_archive", `${this.#source.name} is an archive.`, "Pass the inner archive itself.");
    return new ExportRefused("export.json_invalid", `${this.#source.name} is not JSON: byte ${grouped(this.endPosition)}.`, hint);
  }

  // The next token; undefined when it may go on beyond what is held.
  #lex(): Token | undefined {
    const buffer = this.#buffer;
    let at = this.#at;
    while (at < this.#end && isSpace(buffer[at]!)) at++;
    this.#at = this.#start = at;
    if (at === this.#end) return this.#ended ? "end" : undefined;
    const first = buffer[at]!;
    const mark = punctuation.get(first);
    if (mark !== undefined) {
      this.#at = at + 1;
      return mark;
    }
    if (first === 0x22) return this.#string(at + 1);
    const literal = literals.get(first);
    if (literal !== undefined) {
      if (this.#end - at < literal.word.length && !this.#ended) return undefined;
      for (let i = 0; i < literal.word.length; i++) if (buffer[at + i] !== literal.word.charCodeAt(i)) throw this.broken();
      this.#at = at + literal.word.length;
      return literal.token;
    }

    while (at < this.#end && /[-+.0-9eE]/.test(String.fromCharCode(buffer[at]!))) at++;
    if (at === this.#end && !this.#ended) return undefined;
    if (at - this.#start > 1024 || !number.test(String.fromCharCode(...buffer.subarray(this.#start, at)))) throw this.broken();
    this.#at = at;
    return "number";
  }

  #string(from: number): Token | undefined {
    const buffer = this.#buffer;
    this.#isEscaped = false;
    for (let at = from; at < this.#end; at++) {
      const byte = buffer[at]!;
      if (byte === 0x22) {
        this.#at = at + 1;
        return "string";
      }
      if (byte < 0x20) throw this.broken();
      if (byte !== 0x5c) continue;
      this.#isEscaped = true;
      const letter = buffer[++at];
      if (at >= this.#end) break;
      if (letter === 0x75) {
        if (at + 4 >= this.#end) break;
        for (const last = at + 4; at < last;) if (!/[0-9a-fA-F]/.test(String.fromCharCode(buffer[++at]!))) throw this.broken();
      } else if (!'"\\/bfnrt'.includes(String.fromCharCode(letter!))) {
        throw this.broken();
      }
    }
    if (this.#ended) throw this.broken();
    return undefined;
  }

  // A character may be cut where a chunk ends; it is looked at with what comes.
  #checkText(chunk: Uint8Array | undefined): void {
    try {
      this.#utf8.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw this.#read === 0 && startsUtf16(chunk) ? utf16(this.#source.name) : new ExportRefused("export.encoding", `${this.#source.name} is not UTF-8.`, hint);
    }
    this.#read += chunk?.length ?? 0;
  }

  async #fill(): Promise<void> {
    const keep = this.#hold ?? this.#at;
    if (this.#end - keep >= this.maxHeld) throw tooLong(this.#source.name, this.maxHeld);
    const chunk = await this.#source.next();
    this.#checkText(chunk);
    if (chunk === undefined) {
      this.#ended = true;
      return;
    }
    const held = this.#end - keep;
    if (held + chunk.length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(128 << 10, 2 * (held + chunk.length)));
      larger.set(this.#buffer.subarray(keep, this.#end));
      this.#buffer = larger;
    } else {
      this.#buffer.copyWithin(0, keep, this.#end);
    }
    this.#position += keep;
    this.#at -= keep;
    this.#start -= keep;
    if (this.#hold !== undefined) this.#hold = 0;
    this.#buffer.set(chunk, held);
    this.#end = held + chunk.length;
  }
}

export const tooLong = (name: string, limit: number): ExportRefused =>
  new ExportRefused("export.record_too_long", `${name} holds a record of more than ${grouped(limit)} bytes.`, hint);

const startsUtf16 = (chunk: Uint8Array | undefined): boolean =>
  chunk !== undefined && (startsWith(chunk, [0xff, 0xfe]) || startsWith(chunk, [0xfe, 0xff]));

const utf16 = (name: string): ExportRefused => new ExportRefused("export.utf16", `${name} is UTF-16; an export is UTF-8.`, hint);

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
