import { decode, grouped } from "../../bytes.ts";
import { JsonBroken, hasHalves, parseJson } from "../../json/tree.ts";
import type { JsonTree } from "../../json/tree.ts";
import { ExportRefused, show } from "../../refusal.ts";

/** A place in a definition, read strictly: what is not known is refused with its path, never passed over. As Node.cs. */
export class Node {
  constructor(readonly tree: JsonTree, readonly path: string) {}

  /** Parses a definition; refuses what is too large, too deep, no JSON, or names a member twice. */
  static parse(json: Uint8Array, mostBytes: number): Node {
    if (json.length > mostBytes)
      throw new ExportRefused(
        "descriptor.too_large", `The descriptor has ${grouped(json.length)} bytes; the limit is ${grouped(mostBytes)}.`, "Leave out what members need not know.");
    let tree: JsonTree;
    try {
      tree = parseJson(decode(json), 32);
    } catch (error) {
      if (!(error instanceof JsonBroken) && !(error instanceof TypeError)) throw error;
      throw invalid("$", `is not JSON, or names a member twice (line ${error instanceof JsonBroken ? error.line : 1})`);
    }
    if (hasTwice(tree)) throw invalid("$", "is not JSON, or names a member twice (line 1)");
    if (hasHalves(tree)) throw invalid("$", "holds text that is not Unicode");
    return new Node(tree, "$").object();
  }

  /** This node, which must be an object with no other members than these. */
  only(...known: readonly string[]): Node {
    for (const [name] of this.#members()) if (!known.includes(name)) throw invalid(`${this.path}.${shown(name)}`, "is not a member that is known here");
    return this;
  }

  object(): Node {
    if (this.tree.kind !== "object") throw this.refuse("must be an object");
    return this;
  }

  find(name: string): Node | undefined {
    const found = this.#members().find(([known]) => known === name);
    return found === undefined ? undefined : new Node(found[1], `${this.path}.${name}`);
  }

  get(name: string): Node {
    const found = this.find(name);
    if (found === undefined) throw this.refuse(`must have a member '${name}'`);
    return found;
  }

  members(most: number): (readonly [string, Node])[] {
    const members = this.#members();
    if (members.length > most) throw this.refuse(`has ${members.length} members; the limit is ${most}`);
    return members.map(([name, tree]) => [name, new Node(tree, `${this.path}.${shown(name)}`)]);
  }

  items(most: number): Node[] {
    if (this.tree.kind !== "array") throw this.refuse("must be an array");
    if (this.tree.items.length > most) throw this.refuse(`has ${this.tree.items.length} items; the limit is ${most}`);
    return this.tree.items.map((tree, i) => new Node(tree, `${this.path}[${i}]`));
  }

  /** One text, or several in an array. */
  texts(most: number): string[] {
    return this.tree.kind === "string" ? [this.text()] : this.items(most).map((item) => item.text());
  }

  text(most = 4096): string {
    if (this.tree.kind !== "string") throw this.refuse("must be a text");
    if (this.tree.text.length > most || this.tree.text.includes("\0")) throw this.refuse(`must be a text of at most ${most} characters, without NUL`);
    return this.tree.text;
  }

  number(least: number, most: number): number {
    const value = this.tree.kind === "number" && /^-?\d{1,18}$/.test(this.tree.text) ? Number(this.tree.text) : NaN;
    if (!(value >= least && value <= most)) throw this.refuse(`must be a whole number from ${grouped(least)} to ${grouped(most)}`);
    return value;
  }

  flag(): boolean {
    if (this.tree.kind !== "true" && this.tree.kind !== "false") throw this.refuse("must be true or false");
    return this.tree.kind === "true";
  }

  /** A text among those that are allowed. */
  oneOf(...known: readonly string[]): string {
    const text = this.text();
    if (!known.includes(text)) throw this.refuse(`must be one of ${known.join(", ")}, and not '${shown(text)}'`);
    return text;
  }

  refuse(what: string): ExportRefused {
    return invalid(this.path, what);
  }

  unsupported(what: string): ExportRefused {
    return new ExportRefused("descriptor.unsupported", `${this.path} ${what}.`, "Leave it out, or describe the table another way: see docs/formats.md.");
  }

  #members(): readonly (readonly [string, JsonTree])[] {
    return (this.object().tree as Extract<JsonTree, { kind: "object" }>).members;
  }
}

export const invalid = (where: string, what: string): ExportRefused =>
  new ExportRefused("descriptor.invalid", `${where} ${what}.`, "See docs/formats.md for what a descriptor may say.");

const shown = (name: string): string => show(name).replace(/^'+|'+$/g, "");

function hasTwice(tree: JsonTree): boolean {
  if (tree.kind === "array") return tree.items.some(hasTwice);
  return tree.kind === "object" && (new Set(tree.members.map(([name]) => name)).size !== tree.members.length || tree.members.some(([, value]) => hasTwice(value)));
}
