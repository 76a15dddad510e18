import * as types from "../cells.ts";
import type { FieldType } from "../cells.ts";
import type { Bound, Constraints, Field } from "../definition.ts";
import { integer, number } from "../number-types.ts";
import type { NumberForm } from "../number-types.ts";
import { PatternBroken, PatternUnsupported, TextPattern } from "../pattern/pattern.ts";
import { formattedText, json, textFormats } from "../text-types.ts";
import { TimePattern } from "../time-pattern.ts";
import type { Node } from "./node.ts";

const mostEnum = 256;

// Table Schema gives these to single types; elsewhere they would be passed over unseen.
const options: readonly (readonly [string, readonly string[]])[] = [
  ["trueValues", ["boolean"]], ["falseValues", ["boolean"]], ["decimalChar", ["number"]],
  ["groupChar", ["number", "integer"]], ["bareNumber", ["number", "integer"]],
];

/** Reads one field of a Frictionless Table Schema (v1). As FieldParser.cs. */
export function readField(node: Node): Field {
  node.only(
    "name", "title", "description", "type", "format", "constraints", "rdfType", "example",
    "trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber");
  const name = node.get("name");
  if (name.text(64).length === 0 || /[\r\n"]/.test(name.text()) || name.text() !== name.text().trim())
    throw name.refuse("must be a column's name: without quotes, line ends, or spaces around it");
  const type = readType(node);
  node.find("title")?.text();
  node.find("description")?.text();
  const constraints = node.find("constraints");
  return { name: name.text(), type, constraints: constraints === undefined ? undefined : readConstraints(constraints, type) };
}

function readType(node: Node): FieldType {
  const name = node.find("type")?.text() ?? "string";
  const format = node.find("format")?.text() ?? "default";
  const place = node.find("format") ?? node;
  if (name === "geopoint" || name === "geojson") throw node.get("type").unsupported(`is ${name}, which is not read`);
  for (const [option, of] of options) {
    const stray = node.find(option);
    if (stray !== undefined && !of.includes(name)) throw stray.refuse(`means nothing for the type ${name}`);
  }
  if (name === "string" && textFormats.includes(format)) return formattedText(format);
  const pattern = (): TimePattern | undefined => {
    if (format === "default" || format === "any") return undefined;
    const found = TimePattern.create(format.startsWith("fmt:") ? format.slice(4) : format);
    if (found === undefined) throw place.unsupported("has a directive that is not read");
    return found;
  };
  switch (name) {
    case "datetime": return types.dateTime(pattern());
    case "date": return types.date(pattern());
    case "time": return types.time(pattern());
  }
  const plain: Readonly<Record<string, () => FieldType>> = {
    string: () => types.text("string"),
    any: () => types.text("any"),
    integer: () => integer(readForm(node)),
    number: () => number(readForm(node)),
    boolean: () => types.boolean(readWords(node, "trueValues"), readWords(node, "falseValues")),
    year: () => types.year(false),
    yearmonth: () => types.year(true),
    duration: () => types.duration,
    object: () => json("object"),
    array: () => json("array"),
  };
  if (!Object.hasOwn(plain, name)) throw node.get("type").refuse("is not a type of Table Schema");
  if (format !== "default") throw place.unsupported("is a format that is not read");
  return plain[name]!();
}

function readForm(node: Node): NumberForm | undefined {
  const form = { isBare: node.find("bareNumber")?.flag() ?? true, decimalChar: readChar(node, "decimalChar", "."), groupChar: readChar(node, "groupChar", "") };
  if (form.decimalChar === form.groupChar && (node.find("type")?.text() === "number")) throw node.refuse("has the same decimalChar and groupChar");
  // Numbers as most files write them have a quicker way.
  return form.isBare && form.decimalChar === "." && form.groupChar === "" ? undefined : form;
}

function readChar(node: Node, name: string, other: string): string {
  const found = node.find(name);
  if (found === undefined) return other;
  if (!/^[^A-Za-z0-9+\u0080-\uffff-]$/.test(found.text())) throw found.refuse("must be one character that cannot be part of a number");
  return found.text();
}

const readWords = (node: Node, name: string): string[] | undefined => node.find(name)?.items(32).map((word) => word.text(256));

function readConstraints(node: Node, type: FieldType): Constraints {
  node.only("required", "unique", "minimum", "maximum", "minLength", "maxLength", "pattern", "enum");
  for (const name of ["minLength", "maxLength"]) {
    const length = node.find(name);
    if (length !== undefined && !["string", "any", "object", "array"].includes(type.name)) throw length.refuse(`means nothing for the type ${type.name}`);
  }
  const bound = (name: string): Bound | undefined => {
    const found = node.find(name);
    return found === undefined ? undefined : readBound(found, type);
  };
  const pattern = node.find("pattern");
  return {
    isRequired: node.find("required")?.flag() ?? false,
    isUnique: node.find("unique")?.flag() ?? false,
    minLength: node.find("minLength")?.number(0, 2 ** 31 - 1),
    maxLength: node.find("maxLength")?.number(0, 2 ** 31 - 1),
    minimum: bound("minimum"),
    maximum: bound("maximum"),
    pattern: pattern === undefined ? undefined : readPattern(pattern),
    enum: node.find("enum")?.items(mostEnum).map((item) => plainOf(item, type)),
  };
}

function readBound(node: Node, type: FieldType): Bound {
  const text = plainOf(node, type);
  const rank = type.rank?.(type.asWritten.plain(text)!);
  if (rank === undefined) throw node.unsupported(`is a bound of the type ${type.name}, which has no order`);
  return { text, rank };
}

// A value in a descriptor is JSON of its type, or text as in a cell.
function plainOf(node: Node, type: FieldType): string {
  const { tree } = node;
  const text = tree.kind === "string" ? node.text() : "text" in tree ? tree.text : tree.kind;
  const cell = type.plain(text) ?? type.asWritten.plain(text);
  if (cell === undefined) throw node.refuse(`is not of the type ${type.name}`);
  return cell.text;
}

function readPattern(node: Node): TextPattern {
  const text = node.text();
  if (text.length > 256) throw node.refuse(`has ${text.length} characters; the limit is 256`);
  let states = text.length;
  for (const count of text.matchAll(/\{(?:\d+,)?(\d+),?\}/g)) {
    // Behind a group it repeats all that is in it, counts too.
    const most = Number(count[1]);
    states = text[count.index - 1] === ")" ? states * Math.max(1, most) : states + most;
    if (most > 512 || states > 4096) throw node.refuse("repeats more often than is allowed: at most 512 times, and 4096 steps in all");
  }
  try {
    return new TextPattern(text);
  } catch (error) {
    if (error instanceof PatternUnsupported) throw node.unsupported("uses a back-reference, a look-around or another thing that takes more than linear time");
    if (error instanceof PatternBroken) throw node.refuse("is not a regular expression");
    throw error;
  }
}
