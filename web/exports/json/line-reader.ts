import { decode, grouped } from "../bytes.ts";
import type { ByteSource } from "../csv/reader.ts";
import type { ExportLimits } from "../limits.ts";
import { ExportRefused } from "../refusal.ts";
import type { RecordReader, SourceValue } from "../values.ts";
import { hint } from "./lexer.ts";
import { JsonBroken, parseJson } from "./tree.ts";
import type { JsonTree } from "./tree.ts";

const mostOthers = 256;
const mostNames = 1 << 16;
const lineFeed = 0x0a;

/** Records of a JSON Lines file: an object a line, fields by their names. Empty lines are passed over; a byte-order mark is skipped.
 *  As JsonLineRecordReader.cs. */
export class JsonLineRecordReader implements RecordReader {
  readonly #source: ByteSource;
  readonly #slots: ReadonlyMap<string, number>;
  readonly #limits: ExportLimits;
  readonly #others = new Set<string>();
  readonly #values: (SourceValue | undefined)[];
  #held = new Uint8Array(0);
  #at = 0;
  #ended = false;

  /** The line's number. */
  number = 0;

  constructor(source: ByteSource, fields: readonly string[], limits: ExportLimits) {
    this.#source = source;
    this.#slots = new Map(fields.map((field, slot) => [field, slot]));
    this.#limits = limits;
    this.#values = fields.map(() => undefined);
  }

  get otherFields(): readonly string[] {
    return [...this.#others];
  }

  get(field: number): SourceValue | undefined {
    return this.#values[field];
  }

  async read(): Promise<boolean> {
    for (let line = await this.#nextLine(); line !== undefined; line = await this.#nextLine()) {
      this.number++;
      let text: string;
      try {
        text = decode(line);
      } catch {
        throw this.#refuse("export.encoding", "is not UTF-8");
      }
      if (this.number === 1 && text.startsWith("\uFEFF")) text = text.slice(1);
      text = text.replace(/^[ \t]+|[ \t\r]+$/g, "");
      if (text === "") continue;
      this.#take(text);
      return true;
    }
    return false;
  }

  #take(line: string): void {
    let tree: JsonTree;
    try {
      tree = parseJson(line, this.#limits.depth);
    } catch (error) {
      if (!(error instanceof JsonBroken)) throw error;
      throw this.#refuse("export.json_invalid", "is not one JSON object");
    }
    if (tree.kind !== "object") throw this.#refuse("export.json_invalid", "is not one JSON object");
    this.#values.fill(undefined);
    this.#checkNames(tree);
    for (const [name, value] of tree.members) {
      const slot = this.#slots.get(repaired(name));
      if (slot !== undefined) {
        // What is asked for is looked into.
        if (value.kind === "object") this.#checkNames(value);
        this.#values[slot] = valueOf(value);
      } else if (this.#others.size < mostOthers) {
        this.#others.add(new TextDecoder().decode(new TextEncoder().encode(name).subarray(0, 256)));
      }
    }
  }

  #checkNames({ members }: Extract<JsonTree, { kind: "object" }>): void {
    if (members.length > mostNames)
      throw new ExportRefused("export.too_many_names", `${this.#source.name} has an object of more than ${grouped(mostNames)} names.`, hint);
    if (new Set(members.map(([name]) => repaired(name))).size !== members.length)
      throw new ExportRefused("export.duplicate_name", `${this.#source.name} has an object that names the same thing twice.`, hint);
  }

  async #nextLine(): Promise<Uint8Array | undefined> {
    for (let searched = this.#at; ;) {
      const found = this.#held.indexOf(lineFeed, searched);
      if (found >= 0 || this.#ended) {
        const stop = found >= 0 ? found : this.#held.length;
        const line = this.#held.subarray(this.#at, stop);
        const isLine = found >= 0 || stop > this.#at;
        this.#at = found >= 0 ? stop + 1 : stop;
        return isLine ? line : undefined;
      }
      const held = this.#held.length - this.#at;
      if (held > this.#limits.rowBytes)
        throw new ExportRefused(
          "export.row_too_long", `${this.#source.name}, line ${grouped(this.number + 1)} has more than ${grouped(this.#limits.rowBytes)} bytes.`, hint);
      const chunk = await this.#source.next();
      this.#ended = chunk === undefined;
      const joined = new Uint8Array(held + (chunk?.length ?? 0));
      joined.set(this.#held.subarray(this.#at));
      if (chunk !== undefined) joined.set(chunk, held);
      this.#held = joined;
      this.#at = 0;
      searched = held;
    }
  }

  #refuse(code: string, what: string): ExportRefused {
    return new ExportRefused(code, `${this.#source.name}, line ${grouped(this.number)} ${what}.`, hint);
  }
}

function valueOf(tree: JsonTree): SourceValue {
  switch (tree.kind) {
    case "object": case "array": return { kind: "structure", text: tree.text };
    case "string": return { kind: "text", text: repaired(tree.text) };
    case "number": return { kind: "number", text: tree.text };
    case "null": return { kind: "null", text: "" };
    default: return { kind: "boolean", text: tree.kind };
  }
}

// Half a surrogate pair, which programs write when they cut a text inside a character, and NUL become U+FFFD.
const repaired = (text: string): string => text.replace(/\p{Surrogate}|\0/gu, "\uFFFD");
