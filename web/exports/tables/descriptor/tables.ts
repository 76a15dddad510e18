import type { Table } from "../definition.ts";
import { readField } from "./fields.ts";
import { Node } from "./node.ts";

const mostFields = 64;
const conditionForms = ["is", "isNot", "startsWith", "below", "empty", "localAddress"];

/** Reads one resource of a package: a Frictionless Table Schema with our `commonhold` members. As TableParser.cs.
 *  @param number Of the resource, from 1: its code unless it names one. */
export function readTable(node: Node, number: number): Table {
  node.only(
    "name", "path", "profile", "title", "description", "format", "mediatype", "encoding", "bytes", "hash", "sources", "licenses",
    "schema", "dialect", "commonhold");
  checkPlain(node);
  const name = readName(node.get("name"));
  const schema = node.get("schema").only("fields", "primaryKey", "missingValues", "foreignKeys", "title", "description", "name");
  const foreign = schema.find("foreignKeys");
  if (foreign !== undefined) throw foreign.unsupported("refers to other tables, which is not checked");
  const fields = schema.get("fields").items(mostFields).map(readField);
  if (fields.length === 0) throw schema.get("fields").refuse("has no field");
  const twice = fields.find((field, i) => fields.findIndex((other) => other.name.toUpperCase() === field.name.toUpperCase()) !== i);
  if (twice !== undefined) throw schema.get("fields").refuse(`names '${twice.name}' twice`);
  const placeOf = (field: Node): number => {
    const at = fields.findIndex((known) => known.name === field.text());
    if (at < 0) throw field.refuse("is not a field of this table");
    return at;
  };
  const typeOf = (at: number): string => fields[at]!.type.name;

  const key = readKey(schema, fields.length, placeOf);
  const ours = (node.find("commonhold") ?? new Node({ kind: "object", members: [], text: "{}" }, `${node.path}.commonhold`))
    .only("code", "weight", "scope", "time", "place", "keyAs", "quality", "text", "idNumber", "idTime");
  const code = ours.find("code")?.number(1, 255) ?? number;
  checkValues(ours, key, placeOf, typeOf);
  const time = ours.find("time");
  const timeAt = time === undefined ? fields.findIndex((field) => field.type.name === "datetime" && field.constraints?.isRequired === true) : placeOf(time);
  if (time !== undefined && typeOf(timeAt) !== "datetime" && typeOf(timeAt) !== "date") throw time.refuse("must be a datetime or a date");
  const place = ours.find("place")?.only("field", "as");
  const idTime = ours.find("idTime")?.only("field", "as", "within", "onMismatch");
  return {
    name, code, fields, fileName: `${name}.csv`,
    key: key.map((at) => fields[at]!.name),
    time: timeAt,
    place: place === undefined ? undefined : { field: placeOf(place.get("field")), isDomain: place.find("as")?.oneOf("value", "domain") === "domain" },
    missing: schema.find("missingValues")?.texts(32) ?? [""],
    delimiter: readDelimiter(node),
    idTime: idTime === undefined ? undefined : {
      field: placeOf(idTime.get("field")), isSnowflake: idTime.get("as").oneOf("x-snowflake", "uuid-seconds") === "x-snowflake",
      within: idTime.find("within")?.number(0, 86_400) ?? 1, refuses: idTime.find("onMismatch")?.oneOf("refuse", "flag") !== "flag",
    },
  };
}

function checkPlain(node: Node): void {
  const path = node.find("path");
  if (path !== undefined) {
    const files = path.texts(1);
    if (files.length !== 1 || files[0]!.includes("://") || files[0]!.startsWith("/") || files[0]!.includes(".."))
      throw path.unsupported("must be the path of one file in the package");
  }
  const encoding = node.find("encoding");
  if (encoding !== undefined && encoding.text().toLowerCase() !== "utf-8") throw encoding.unsupported("is not UTF-8");
  const profile = node.find("profile");
  if (profile !== undefined && !["tabular-data-resource", "data-resource"].includes(profile.text())) throw profile.unsupported("is not a profile of tables");
  const format = node.find("format");
  if (format !== undefined && !["csv", "jsonl", "ndjson"].includes(format.text())) throw format.unsupported("is neither csv nor jsonl");
}

// The name is a file's name in the cleaned form.
function readName(node: Node): string {
  const name = node.text(64);
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name) || name.includes(".."))
    throw node.refuse("must be of small letters, digits, '.', '-' and '_', as the specification says");
  return name;
}

function readDelimiter(node: Node): string {
  const dialect = node.find("dialect");
  if (dialect === undefined) return ",";
  dialect.only("delimiter", "lineTerminator", "quoteChar", "doubleQuote", "header", "skipInitialSpace", "caseSensitiveHeader", "csvddfVersion", "commentChar");
  const quote = dialect.find("quoteChar");
  if (quote !== undefined && quote.text() !== '"') throw quote.unsupported("is not the double quote");
  if (dialect.find("doubleQuote")?.flag() === false || dialect.find("header")?.flag() === false)
    throw dialect.unsupported("must have a header and doubled quotes");
  if (dialect.find("skipInitialSpace")?.flag() === true || dialect.find("commentChar") !== undefined)
    throw dialect.unsupported("has skipInitialSpace or commentChar, which are not read");
  const delimiter = dialect.find("delimiter");
  if (delimiter === undefined) return ",";
  if (!/^[,;\t|: ~^]$/.test(delimiter.text())) throw delimiter.unsupported("is not a delimiter that is read");
  return delimiter.text();
}

function readKey(schema: Node, fields: number, placeOf: (field: Node) => number): number[] {
  const key = schema.find("primaryKey");
  if (key === undefined) return [...Array(fields).keys()];
  const places = key.tree.kind === "string" ? [placeOf(key)] : key.items(16).map(placeOf);
  if (places.length === 0 || new Set(places).size !== places.length) throw key.refuse("must name fields, each once");
  return places;
}

// What a dataset makes of rows is the validators' business; here it must only be as they would take it.
function checkValues(ours: Node, key: readonly number[], placeOf: (field: Node) => number, typeOf: (at: number) => string): void {
  ours.find("weight")?.number(0, 1_000_000_000);
  ours.find("scope")?.oneOf("own", "history", "authored");
  for (const [name, form] of ours.find("keyAs")?.members(16) ?? []) {
    const at = key.indexOf(placeOf(new Node({ kind: "string", text: name }, form.path)));
    if (at < 0) throw form.refuse("is not a field of the key");
    if (form.oneOf("lower", "seconds", "minutes") !== "lower" && typeOf(key[at]!) !== "datetime") throw form.refuse("is not a datetime");
  }
  const quality = ours.find("quality")?.only("flat", "text", "zeroIf");
  quality?.find("flat")?.number(0, 255);
  quality?.find("text")?.items(8).forEach(placeOf);
  quality?.find("zeroIf")?.items(16).forEach((condition) => checkCondition(condition, placeOf));
  ours.find("text")?.items(8).forEach(placeOf);
  const id = ours.find("idNumber");
  if (id !== undefined && !["integer", "string"].includes(typeOf(placeOf(id)))) throw id.refuse("must be an integer, or a string of digits");
}

function checkCondition(node: Node, placeOf: (field: Node) => number): void {
  node.only("field", ...conditionForms);
  placeOf(node.get("field"));
  if (node.members(8).length !== 2) throw node.refuse(`must have exactly one of ${conditionForms.join(", ")}`);
  for (const form of ["is", "isNot", "startsWith"]) node.find(form)?.texts(64);
  node.find("below")?.number(-(2 ** 31), 2 ** 31 - 1);
  node.find("empty")?.flag();
  const local = node.find("localAddress");
  if (local !== undefined && !local.flag()) throw local.refuse("can only be true");
}
