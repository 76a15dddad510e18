import { encoder, grouped } from "../bytes.ts";
import type { ByteSource } from "../csv/reader.ts";
import type { ExportLimits } from "../limits.ts";
import { ExportRefused } from "../refusal.ts";
import { nullValue } from "../values.ts";
import type { RecordReader, RecordSelection, SourceValue } from "../values.ts";
import { JsonLexer, hint, tooLong } from "./lexer.ts";
import type { Token } from "./lexer.ts";
import { JsonPlan } from "./plan.ts";
import type { JsonPlace } from "./plan.ts";

const maxNames = 1 << 16;
const maxOtherFields = 256;

interface Frame {
  readonly isArray: boolean;
  readonly place: JsonPlace | undefined;
  readonly start: number;
  readonly names: Set<string> | undefined;
  index: number;
}

type Values = (SourceValue | undefined)[];

/**
 * Streams the records out of a JSON document of any size; of what is not asked for only the grammar is looked at.
 *
 * The document is read once and to its end. Refused: anything but strict JSON in UTF-8, a name that stands twice in an object that
 * is looked into, and what is longer, deeper or more than the limits.
 */
export class JsonRecordReader implements RecordReader {
  readonly #name: string;
  readonly #limits: ExportLimits;
  readonly #plan: JsonPlan;
  readonly #lexer: JsonLexer;
  readonly #maxHeld: number;
  readonly #others = new Set<string>();
  readonly #stack: Frame[] = [];
  readonly #told: Values[] = [];
  #toldAt = 0;
  #outer: Values = [];
  #inner: Values | undefined;
  #current: Values = [];
  #unitStart: number | undefined;
  #isStarted = false;
  #isDone = false;

  number = 0;

  constructor(source: ByteSource, selection: RecordSelection, form: "json" | "js", limits: ExportLimits) {
    this.#name = source.name;
    this.#limits = limits;
    this.#plan = new JsonPlan(selection);
    this.#maxHeld = this.#plan.hasContainer ? limits.containerBytes : limits.rowBytes;
    this.#lexer = new JsonLexer(source, form, this.#maxHeld);
  }

  get otherFields(): readonly string[] {
    return [...this.#others];
  }

  get(field: number): SourceValue | undefined {
    return this.#current[field] ?? (this.#plan.hasContainer ? this.#outer[field] : undefined);
  }

  async read(): Promise<boolean> {
    for (;;) {
      if (this.#toldAt < this.#told.length) {
        this.#current = this.#told[this.#toldAt++]!;
        this.number++;
        return true;
      }
      this.#told.length = this.#toldAt = 0;
      if (this.#isDone) return false;
      if (!this.#isStarted) await this.#begin();
      this.#outer = [];
      while (!this.#isDone && !(await this.#step())) if (this.#stack.length === 0) this.#isDone = true;
      if (this.#stack.length === 0) this.#isDone = true;
      if (this.#isDone) await this.#lexer.finish();
    }
  }

  async #begin(): Promise<void> {
    this.#isStarted = true;
    await this.#lexer.start();
    const isUnit = await this.#value(await this.#token(), this.#plan.document);
    if (isUnit || this.#stack.length === 0) this.#isDone = this.#stack.length === 0;
  }

  async #token(): Promise<Token> {
    const token = this.#lexer.nextHeld() ?? (await this.#lexer.next());
    if (this.#unitStart !== undefined && this.#lexer.endPosition - this.#unitStart > this.#maxHeld) throw tooLong(this.#name, this.#maxHeld);
    return token;
  }

  // Takes the next member or item of the innermost object or array, or its end; true when that ends a unit.
  async #step(): Promise<boolean> {
    const frame = this.#stack.at(-1);
    if (frame === undefined) return true;
    let token = await this.#token();
    if (token === (frame.isArray ? "]" : "}")) return this.#leave();
    if (frame.index > 0) {
      if (token !== ",") throw this.#lexer.broken();
      token = await this.#token();
    }
    const index = frame.index++;
    if (frame.isArray) return this.#value(token, frame.place?.item(index));

    if (token !== "string") throw this.#lexer.broken();
    const place = frame.place === undefined ? undefined : this.#member(frame, frame.place);
    if ((await this.#token()) !== ":") throw this.#lexer.broken();
    return this.#value(await this.#token(), place);
  }

  #member(frame: Frame, inside: JsonPlace): JsonPlace | undefined {
    const name = this.#lexer.text();
    const names = frame.names!;
    if (names.has(name))
      throw new ExportRefused("export.duplicate_name", `${this.#name} has an object that names the same thing twice.`, hint);
    names.add(name);
    if (names.size > maxNames)
      throw new ExportRefused("export.too_many_names", `${this.#name} has an object of more than ${grouped(maxNames)} names.`, hint);
    const place = inside.member(name);
    if (place === undefined && inside.isRecord && this.#others.size < maxOtherFields)
      this.#others.add(new TextDecoder().decode(encoder.encode(name).subarray(0, 256)));
    return place;
  }

  // Takes a value, or the beginning of one that holds others; true when it ends a unit.
  async #value(token: Token, place: JsonPlace | undefined): Promise<boolean> {
    if (token === "{" || token === "[") {
      this.#enter(token === "[", place);
      return false;
    }
    if (token === "end" || token === "}" || token === "]" || token === ":" || token === ",") throw this.#lexer.broken();
    if (place === undefined) return false;
    if (place.isUnit) this.#beginUnit();
    if (place.isInner) this.#inner = [];
    if (place.slot !== undefined) {
      if (!place.joins) this.#fill(place.slot, scalar(token, this.#lexer));
      else if (token === "string") this.#join(place.slot, this.#lexer.text());
    }
    return this.#ended(place, this.#lexer.startPosition);
  }

  #enter(isArray: boolean, place: JsonPlace | undefined): void {
    if (this.#stack.length === this.#limits.depth)
      throw new ExportRefused("export.too_deep", `${this.#name} holds objects more than ${this.#limits.depth} levels deep.`, hint);
    if (place?.isUnit === true) this.#beginUnit();
    if (place?.isInner === true) this.#inner = [];
    if (place?.slot !== undefined && !place.joins) this.#lexer.hold();
    this.#stack.push({
      isArray, place, start: this.#lexer.startPosition, index: 0,
      names: place === undefined || isArray ? undefined : new Set(),
    });
  }

  #leave(): boolean {
    const { place, start } = this.#stack.pop()!;
    if (place === undefined) return false;
    if (place.slot !== undefined && !place.joins) this.#fill(place.slot, { kind: "structure", text: this.#lexer.takeHeld(start) });
    return this.#ended(place, start);
  }

  #beginUnit(): void {
    this.#unitStart = this.#lexer.startPosition;
    this.#outer = [];
  }

  #ended(place: JsonPlace, start: number): boolean {
    if (place.isInner) {
      if (this.#lexer.endPosition - start > this.#limits.rowBytes) throw tooLong(this.#name, this.#limits.rowBytes);
      this.#told.push(this.#inner!);
      this.#inner = undefined;
    }
    if (!place.isUnit) return false;
    this.#unitStart = undefined;
    if (!this.#plan.hasContainer) this.#told.push(this.#outer);
    return true;
  }

  #fill(slot: number, value: SourceValue): void {
    (this.#inner ?? this.#outer)[slot] = value;
  }

  #join(slot: number, text: string): void {
    const values = this.#inner ?? this.#outer;
    const before = values[slot];
    values[slot] = { kind: "text", text: before === undefined || before.text === "" ? text : `${before.text}\n${text}` };
  }
}

function scalar(token: Token, lexer: JsonLexer): SourceValue {
  if (token === "string") return { kind: "text", text: lexer.text() };
  if (token === "number") return { kind: "number", text: lexer.text() };
  return token === "null" ? nullValue : { kind: "boolean", text: token };
}
