import { FilePattern } from "../file-pattern.ts";
import type { FormatDefinition, SourceDefinition, Table } from "../definition.ts";
import { Node } from "./node.ts";
import { readTable } from "./tables.ts";

const mostTables = 32;
/** Bytes of a descriptor that a DAO may put into its policy. */
const mostDescriptorBytes = 64 << 10;

/** Reads a dataset's own descriptor, which a DAO's vote wrote and so is hostile; its sources are CSV and JSON Lines files named like
 *  the resources. As FormatDefinition.ParseDescriptor. */
export function readDescriptor(schema: string | undefined, json: Uint8Array): FormatDefinition {
  const root = Node.parse(json, mostDescriptorBytes).only(
    "profile", "name", "id", "title", "description", "version", "homepage", "created", "keywords", "licenses", "contributors", "image", "sources",
    "resources", "commonhold", "$schema");
  const name = readName(root.get("name"));
  if (schema !== undefined && name !== schema) throw root.get("name").refuse(`is '${name}', but the dataset's schema is '${schema}'`);
  const ours = root.find("commonhold")?.only("placeWord");
  const tables = readTables(root);
  const sources = tables.flatMap((table, place) =>
    (["csv", "jsonl", "ndjson"] as const).map((end) => genericSource(table, place, `${table.name}.${end}`, end === "csv" ? "csv" : "jsonl")));
  return {
    schema: name, title: root.find("title")?.text() ?? name, platform: name, placeWord: ours?.find("placeWord")?.text(64) ?? "places",
    tables, sources, leftOut: [], namesAccount: false, isGeneric: true, lookedFor: lookedFor(sources),
  };
}

export function readTables(root: Node): Table[] {
  const profile = root.find("profile");
  if (profile !== undefined && !["tabular-data-package", "data-package"].includes(profile.text())) throw profile.unsupported("is not a profile of tables");
  const tables: Table[] = [];
  for (const resource of root.get("resources").items(mostTables)) {
    const table = readTable(resource, tables.length + 1);
    if (tables.some((known) => known.name === table.name || known.code === table.code))
      throw resource.refuse(`has the name '${table.name}' or the code ${table.code} of another`);
    tables.push(table);
  }
  if (tables.length === 0) throw root.get("resources").refuse("has no table");
  return tables;
}

/** A table's source under a file's name: fields by their names. In JSON the name would be a path; a field's own dots and brackets are none. */
export function genericSource(table: Table, place: number, file: string, reader: "csv" | "jsonl"): SourceDefinition {
  const all = [...table.fields.keys()];
  const required = all.filter((at) => table.fields[at]!.constraints?.isRequired === true);
  return {
    table: place, files: new FilePattern(file), reader, records: "", confidence: "confirmed",
    fields: table.fields.map((field) => field.name),
    requires: required.length > 0 ? required : all,
    map: all.map((at) => ({ from: [at], transforms: [], onInvalid: "refuse", constant: undefined })),
    account: undefined, skip: [], private: {}, delimiter: table.delimiter,
  };
}

/** The files that are looked for, in words. */
export function lookedFor(sources: readonly SourceDefinition[]): string {
  const looked = sources.filter((source) => source.table >= 0)
    .map((source) => `${source.files.text} with ${source.requires.map((at) => source.fields[at]).join(", ")}`);
  return [...new Set(looked)].slice(0, 6).join("; ");
}

function readName(node: Node): string {
  const name = node.text(64);
  if (!/^[a-z0-9._-]+$/.test(name)) throw node.refuse("must be of small letters, digits, '.', '-' and '_'");
  return name;
}
