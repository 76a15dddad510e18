import { decode } from "../bytes.ts";
import { JsonBroken, hasHalves, memberOf, parseJson } from "../json/tree.ts";
import type { JsonTree } from "../json/tree.ts";
import type { ExportSource } from "../source.ts";
import type { FormatDefinition, SourceDefinition } from "./definition.ts";
import { genericSource } from "./descriptor/format.ts";
import { packageFile } from "./package.ts";

const mostBytes = 1 << 20;

/** The sources of a format in an export: its own, and of a dataset's own schema those that a data package names which a member made
 *  elsewhere: only where its tables' files are is taken from it. As MemberPackage.cs. */
export async function sourcesFor(format: FormatDefinition, source: ExportSource): Promise<readonly SourceDefinition[]> {
  const entry = format.isGeneric && source.isArchive ? source.find(packageFile) : undefined;
  if (entry === undefined || entry.size > mostBytes) return format.sources;
  try {
    const root = parseJson(decode(await source.peek(entry, mostBytes)), 32);
    const resources = member(root, "resources");
    // It is a hint where files are, and files with the tables' names are found without it.
    if (resources.kind !== "array") return format.sources;
    return [...format.sources, ...resources.items.flatMap((resource) => sourceOf(format, resource))];
  } catch (error) {
    if (error instanceof JsonBroken || error instanceof TypeError) return format.sources;
    throw error;
  }
}

function sourceOf(format: FormatDefinition, resource: JsonTree): SourceDefinition[] {
  const name = member(resource, "name");
  const path = member(resource, "path");
  if ((name.kind !== "string" && name.kind !== "null") || hasHalves(name)) throw new JsonBroken(1);
  const place = name.kind === "string" ? format.tables.findIndex((table) => table.name === name.text) : -1;
  if (place < 0 || path.kind !== "string" || path.text.length === 0 || path.text.length >= 256 || /[*#[\]]/.test(path.text)) return [];
  const file = path.text;
  const reader = /\.csv$/i.test(file) ? "csv" : /json$|\.jsonl$/i.test(file) ? "jsonl" : undefined;
  return reader === undefined ? [] : [genericSource(format.tables[place]!, place, file, reader)];
}

function member(tree: JsonTree, name: string): JsonTree {
  const found = memberOf(tree, name);
  if (found === undefined) throw new JsonBroken(1);
  return found;
}
