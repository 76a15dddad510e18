/** A JSON value with everything that was written: numbers as their literals, members in their order, repeated ones too; `text` of an
 *  object or an array is what stands there. */
export type JsonTree =
  | { readonly kind: "object"; readonly members: readonly (readonly [string, JsonTree])[]; readonly text: string }
  | { readonly kind: "array"; readonly items: readonly JsonTree[]; readonly text: string }
  | { readonly kind: "string" | "number"; readonly text: string }
  | { readonly kind: "true" | "false" | "null" };

/** What was given is no JSON, or too deep; `line` counts from 1. */
export class JsonBroken extends Error {
  constructor(readonly line: number) {
    super(`This is no JSON, in line ${line}.`);
  }
}

const token = /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

/** Parses a small document by RFC 8259, objects and arrays at most `deepest` within one another. */
export function parseJson(text: string, deepest: number): JsonTree {
  let at = 0;
  const broken = (): JsonBroken => new JsonBroken(text.slice(0, at).split("\n").length);
  const next = (): { readonly mark: string | undefined; readonly leaf: JsonTree | undefined } => {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) throw broken();
    at = token.lastIndex;
    const [, mark, string, number, word] = found;
    if (mark !== undefined) return { mark, leaf: undefined };
    if (string !== undefined) return { mark: undefined, leaf: { kind: "string", text: JSON.parse(string) as string } };
    return { mark: undefined, leaf: number !== undefined ? { kind: "number", text: number } : { kind: word as "true" | "false" | "null" } };
  };
  const value = ({ mark, leaf }: ReturnType<typeof next>, depth: number): JsonTree => {
    if (leaf !== undefined) return leaf;
    if ((mark !== "{" && mark !== "[") || depth === deepest) throw broken();
    const start = at - 1;
    const members: [string, JsonTree][] = [];
    const items: JsonTree[] = [];
    const close = mark === "{" ? "}" : "]";
    for (let token = next(); token.mark !== close || members.length + items.length > 0; token = next()) {
      if (mark === "[") items.push(value(token, depth + 1));
      else {
        if (token.leaf?.kind !== "string" || next().mark !== ":") throw broken();
        members.push([token.leaf.text, value(next(), depth + 1)]);
      }
      const after = next().mark;
      if (after === close) break;
      if (after !== ",") throw broken();
    }
    const whole = text.slice(start, at);
    return mark === "{" ? { kind: "object", members, text: whole } : { kind: "array", items, text: whole };
  };
  const root = value(next(), 0);
  if (/[^ \t\r\n]/.test(text.slice(at))) throw broken();
  return root;
}

/** A value of ours as a tree. */
export const treeOf = (value: unknown): JsonTree => parseJson(JSON.stringify(value), 64);

// What .NET's relaxed encoder escapes: quotes, backslashes, controls, spaces but the plain one, what is not assigned, and all beyond
// the first plane.
const escaped = /["\\]|\p{Cc}|\p{Zl}|\p{Zp}|\p{Co}|\p{Cn}|\p{Cs}|(?! )\p{Zs}|[\u{10000}-\u{10ffff}]/gu;
const short: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r" };

/** A text as .NET's relaxed writer writes it, with its quotes. */
export const quoted = (text: string): string => `"${text.replace(escaped, (letters) =>
  short[letters] ?? [...Array(letters.length).keys()].map((i) => `\\u${letters.charCodeAt(i).toString(16).toUpperCase().padStart(4, "0")}`).join(""))}"`;

/** A tree as .NET writes it, without needless space. */
export function writeJson(tree: JsonTree): string {
  switch (tree.kind) {
    case "object": return `{${tree.members.map(([name, value]) => `${quoted(name)}:${writeJson(value)}`).join(",")}}`;
    case "array": return `[${tree.items.map(writeJson).join(",")}]`;
    case "string": return quoted(tree.text);
    case "number": return tree.text;
    default: return tree.kind;
  }
}

/** The same on several lines, two spaces a level. */
export function writeIndented(tree: JsonTree, indent = ""): string {
  const inner = `${indent}  `;
  if (tree.kind === "object" && tree.members.length > 0)
    return `{\n${tree.members.map(([name, value]) => `${inner}${quoted(name)}: ${writeIndented(value, inner)}`).join(",\n")}\n${indent}}`;
  if (tree.kind === "array" && tree.items.length > 0)
    return `[\n${tree.items.map((item) => `${inner}${writeIndented(item, inner)}`).join(",\n")}\n${indent}]`;
  return writeJson(tree);
}

/** A member of an object, the last where several have the name; undefined when there is none. */
export const memberOf = (tree: JsonTree | undefined, name: string): JsonTree | undefined =>
  tree?.kind === "object" ? [...tree.members].reverse().find(([known]) => known === name)?.[1] : undefined;

/** Whether two values say the same, whatever the order of members. */
export function isSame(one: JsonTree, other: JsonTree): boolean {
  if (one.kind === "object" && other.kind === "object")
    return one.members.length === other.members.length
      && one.members.every(([name, value]) => other.members.some(([theirs, their]) => theirs === name && isSame(value, their)));
  if (one.kind === "array" && other.kind === "array")
    return one.items.length === other.items.length && one.items.every((item, i) => isSame(item, other.items[i]!));
  if (one.kind === "number" && other.kind === "number") return plainNumber(one.text) === plainNumber(other.text);
  return one.kind === other.kind && writeJson(one) === writeJson(other);
}

// A number's digits without zeros around them, and where its point stands.
function plainNumber(literal: string): string {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal)!;
  const digits = (whole! + fraction).replace(/^0+/, "");
  const short = digits.replace(/0+$/, "");
  return short === "" ? "0" : `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}

/** JSON of an object or an array without needless space, its members in their order; undefined when it is none. */
export function relaxedJson(text: string, kind?: "object" | "array"): string | undefined {
  try {
    const tree = parseJson(text, 64);
    // Half a surrogate pair is JSON but no text.
    return (kind !== undefined && tree.kind !== kind) || hasHalves(tree) ? undefined : writeJson(tree);
  } catch (error) {
    if (error instanceof JsonBroken) return undefined;
    throw error;
  }
}

/** Whether a text in it is half a character. */
export function hasHalves(tree: JsonTree): boolean {
  const isHalf = (text: string): boolean => /\p{Surrogate}/u.test(text);
  switch (tree.kind) {
    case "object": return tree.members.some(([name, value]) => isHalf(name) || hasHalves(value));
    case "array": return tree.items.some(hasHalves);
    case "string": return isHalf(tree.text);
    default: return false;
  }
}
