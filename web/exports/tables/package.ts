import { decode, encoder } from "../bytes.ts";
import { JsonBroken, isSame, memberOf, parseJson, treeOf, writeIndented } from "../json/tree.ts";
import type { JsonTree } from "../json/tree.ts";
import type { ExportAccount } from "../reading.ts";
import { ExportRefused } from "../refusal.ts";
import type { ExportSource } from "../source.ts";
import { dateTime } from "./cells.ts";
import type { Bound, Constraints, Field, FormatDefinition, Table } from "./definition.ts";
import { Node } from "./descriptor/node.ts";
import { writeMoment } from "./moment.ts";

export const packageFile = "datapackage.json";
const mostBytes = 512 << 10;

/** `datapackage.json` of the cleaned form, byte for byte as PackageJson.cs writes it: which tables are there, whose they are, and what
 *  their columns mean. */
export function writePackage(format: FormatDefinition, tables: readonly Table[], account: ExportAccount): Uint8Array<ArrayBuffer> {
  const time = (at: number | null): string | undefined =>
    at === null ? undefined : writeMoment({ seconds: Math.floor(at / 1000), ticks: Math.round((at - Math.floor(at / 1000) * 1000) * 10_000) });
  const tree = treeOf({
    profile: "tabular-data-package",
    name: format.schema,
    title: format.title,
    resources: [],
    commonhold: {
      form: "cleaned",
      account: {
        platform: account.platform,
        id: account.id ?? undefined,
        registeredAt: time(account.registeredAt),
        exportedAt: time(account.exportedAt),
      },
    },
  }) as Extract<JsonTree, { kind: "object" }>;
  const members = tree.members.map(([name, value]): readonly [string, JsonTree] => [name, name === "resources" ? array(tables.map(resourceTree)) : value]);
  return encoder.encode(writeIndented(object(members)) + "\n") as Uint8Array<ArrayBuffer>;
}

const object = (members: readonly (readonly [string, JsonTree | undefined])[]): JsonTree => ({
  kind: "object", members: members.filter((member): member is readonly [string, JsonTree] => member[1] !== undefined), text: "",
});
const array = (items: readonly JsonTree[]): JsonTree => ({ kind: "array", items, text: "" });
const text = (value: string): JsonTree => ({ kind: "string", text: value });
const count = (value: number | undefined): JsonTree | undefined => (value === undefined ? undefined : { kind: "number", text: String(value) });
const flag = (value: boolean): JsonTree | undefined => (value ? { kind: "true" } : undefined);

const resourceTree = (table: Table): JsonTree => object([
  ["name", text(table.name)], ["path", text(table.fileName)], ["profile", text("tabular-data-resource")], ["encoding", text("utf-8")],
  ["schema", object([["fields", array(table.fields.map(fieldTree))], ["primaryKey", array(table.key.map(text))]])],
]);

const fieldTree = (field: Field): JsonTree => object([
  ["name", text(field.name)], ["type", text(field.type.name)],
  ["format", field.type.plainFormat === undefined ? undefined : text(field.type.plainFormat)],
  ["constraints", field.constraints === undefined ? undefined : constraintsTree(field, field.constraints)],
]);

function constraintsTree(field: Field, constraints: Constraints): JsonTree {
  const bound = (of: Bound | undefined): JsonTree | undefined => (of === undefined ? undefined : valueTree(field, of.text));
  return object([
    ["required", flag(constraints.isRequired)], ["unique", flag(constraints.isUnique)],
    ["minLength", count(constraints.minLength)], ["maxLength", count(constraints.maxLength)],
    ["minimum", bound(constraints.minimum)], ["maximum", bound(constraints.maximum)],
    ["pattern", constraints.pattern === undefined ? undefined : text(constraints.pattern.text)],
    ["enum", constraints.enum === undefined ? undefined : array(constraints.enum.map((value) => valueTree(field, value)))],
  ]);
}

// Numbers and booleans as JSON's own, everything else as text.
function valueTree(field: Field, plain: string): JsonTree {
  const { name } = field.type;
  if (name === "boolean") return { kind: plain as "true" | "false" };
  return { kind: name === "integer" || (name === "number" && !/[NI]/.test(plain)) ? "number" : "string", text: plain };
}

/** The name of the package when it is in cleaned form; undefined when it is another's package, or none. */
export async function cleanedSchema(source: ExportSource): Promise<string | undefined> {
  const entry = source.isArchive ? source.find(packageFile) : undefined;
  if (entry === undefined || entry.size > mostBytes) return undefined;
  try {
    const root = parseJson(decode(await source.peek(entry, mostBytes)), 64);
    const form = memberOf(memberOf(root, "commonhold"), "form");
    const name = memberOf(root, "name");
    return form?.kind === "string" && form.text === "cleaned" && name?.kind === "string" ? name.text : undefined;
  } catch (error) {
    if (error instanceof JsonBroken || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Reads what `writePackage` wrote; whatever it would not write is refused, so that it cannot carry anything of its own. */
export function readPackage(format: FormatDefinition, json: Uint8Array): { readonly tables: readonly Table[]; readonly account: ExportAccount } {
  try {
    const root = Node.parse(json, mostBytes).only("profile", "name", "title", "resources", "commonhold");
    root.get("profile").oneOf("tabular-data-package");
    root.get("name").oneOf(format.schema);
    root.get("title").text();
    const tables = root.get("resources").items(format.tables.length).map((node) => tableOf(format, node));
    if (tables.length === 0 || new Set(tables).size !== tables.length) throw root.get("resources").refuse("must name tables, each once");
    const ours = root.get("commonhold").only("form", "account");
    ours.get("form").oneOf("cleaned");
    const account = ours.get("account").only("platform", "id", "registeredAt", "exportedAt");
    account.get("platform").oneOf(format.platform);
    const id = account.find("id");
    return {
      tables,
      account: {
        platform: format.platform, id: id === undefined ? null : idOf(id),
        registeredAt: timeOf(account.find("registeredAt")), exportedAt: timeOf(account.find("exportedAt")),
      },
    };
  } catch (error) {
    if (!(error instanceof ExportRefused)) throw error;
    throw new ExportRefused("export.package_invalid", `${packageFile}: ${error.detail}`, "Clean the export again with this version of the program.");
  }
}

function tableOf(format: FormatDefinition, node: Node): Table {
  const name = node.object().get("name");
  const table = format.tables.find((known) => known.name === name.text());
  if (table === undefined) throw name.refuse("is not a table of this schema");
  if (!isSame(resourceTree(table), node.tree)) throw node.refuse(`describes the table '${table.name}' otherwise than the schema does`);
  return table;
}

function idOf(node: Node): string {
  const id = node.text(256);
  if (id.length === 0 || id !== id.trim() || /\p{Cc}/u.test(id)) throw node.refuse("is not an account's id");
  return id;
}

function timeOf(node: Node | undefined): number | null {
  if (node === undefined) return null;
  const cell = dateTime().plain(node.text(64));
  if (cell?.text !== node.text()) throw node.refuse("is not a moment in UTC");
  return cell.moment!.seconds * 1000 + cell.moment!.ticks / 10_000;
}
