import { treeOf } from "../json/tree.ts";
import type { Confidence } from "../reading.ts";
import type { FieldType } from "./cells.ts";
import { conditionOf } from "./conditions.ts";
import type { Condition, ConditionJson } from "./conditions.ts";
import { lookedFor, readTables } from "./descriptor/format.ts";
import { Node } from "./descriptor/node.ts";
import { FilePattern } from "./file-pattern.ts";
import type { TextPattern } from "./pattern/pattern.ts";
import { transforms } from "./transforms.ts";
import type { Transform } from "./transforms.ts";

/** A format.json as it stands in src/Commonhold.Exports; docs/formats.md says what its members mean. */
export interface FormatJson {
  readonly name: string;
  readonly title: string;
  readonly resources: readonly unknown[];
  readonly commonhold: {
    readonly format: string;
    readonly platform?: string;
    readonly placeWord?: string;
    readonly sources: readonly SourceJson[];
    readonly leftOut?: readonly { readonly files: string; readonly because: string }[];
  };
}

type EntryJson = string | {
  readonly from?: string | readonly string[];
  readonly as?: readonly string[];
  readonly onInvalid?: OnInvalid;
  readonly value?: string;
};

interface SourceJson {
  readonly table?: string;
  readonly account?: { readonly id?: EntryJson; readonly registeredAt?: EntryJson; readonly exportedAt?: EntryJson };
  readonly files: string;
  readonly reader: string;
  readonly records?: string;
  readonly requires: readonly string[];
  readonly confidence?: Confidence;
  readonly map?: Readonly<Record<string, EntryJson>>;
  readonly skip?: readonly (ConditionJson & { readonly because: string })[];
  readonly private?: Readonly<Record<string, string>>;
}

/** One column of a table. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly constraints: Constraints | undefined;
}

/** What a definition holds a column to; the texts of `enum` are plain. */
export interface Constraints {
  readonly isRequired: boolean;
  readonly isUnique: boolean;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minimum: Bound | undefined;
  readonly maximum: Bound | undefined;
  readonly pattern: TextPattern | undefined;
  readonly enum: readonly string[] | undefined;
}

/** A least or greatest value: where it stands in its type's order, and its plain form. */
export interface Bound {
  readonly text: string;
  readonly rank: bigint;
}

/** One table of the cleaned form. */
export interface Table {
  readonly name: string;
  readonly code: number;
  readonly fileName: string;
  readonly fields: readonly Field[];
  readonly key: readonly string[];
  /** Places of fields; −1 for none. */
  readonly time: number;
  readonly place: { readonly field: number; readonly isDomain: boolean } | undefined;
  readonly idTime: { readonly field: number; readonly isSnowflake: boolean; readonly within: number; readonly refuses: boolean } | undefined;
  /** Texts that stand for nothing. */
  readonly missing: readonly string[];
  readonly delimiter: string;
}

/** What happens to a row of which a field cannot be used. */
type OnInvalid = "refuse" | "skip" | "empty";

/** Where a field's value comes from: the first of `from` that is not empty, then each transform. */
export interface MapEntry {
  readonly from: readonly number[];
  readonly transforms: readonly Transform[];
  readonly onInvalid: OnInvalid;
  readonly constant: string | undefined;
}

/** One form of a provider's file; see SourceDefinition.cs. `table` is −1 for an account source. */
export interface SourceDefinition {
  readonly table: number;
  readonly files: FilePattern;
  readonly reader: string;
  readonly records: string;
  readonly confidence: Confidence;
  readonly fields: readonly string[];
  readonly requires: readonly number[];
  readonly map: readonly (MapEntry | undefined)[];
  readonly account: { readonly id?: MapEntry | undefined; readonly registeredAt?: MapEntry | undefined; readonly exportedAt?: MapEntry | undefined } | undefined;
  readonly skip: readonly (Condition & { readonly because: string })[];
  readonly private: Readonly<Record<string, string>>;
  readonly delimiter: string;
}

export interface FormatDefinition {
  readonly schema: string;
  readonly title: string;
  readonly platform: string;
  readonly placeWord: string;
  readonly tables: readonly Table[];
  readonly sources: readonly SourceDefinition[];
  readonly leftOut: readonly { readonly files: FilePattern; readonly because: string }[];
  /** Whether its exports say whose they are: then one that does not is incomplete. */
  readonly namesAccount: boolean;
  /** A dataset's own schema. */
  readonly isGeneric: boolean;
  readonly lookedFor: string;
}

/** Makes a definition of a format.json of ours; throws for what is not read here. */
export function defineFormat(json: FormatJson): FormatDefinition {
  const tables = readTables(new Node(treeOf({ resources: json.resources }), "$"));
  const sources = json.commonhold.sources.map((source) => defineSource(source, tables));
  return {
    schema: json.name,
    title: json.title,
    platform: json.commonhold.platform ?? json.commonhold.format,
    placeWord: json.commonhold.placeWord ?? "places",
    tables,
    sources,
    leftOut: (json.commonhold.leftOut ?? []).map(({ files, because }) => ({ files: new FilePattern(files), because })),
    namesAccount: sources.some((source) => source.account?.id !== undefined),
    isGeneric: false,
    lookedFor: lookedFor(sources),
  };
}

function defineSource(json: SourceJson, tables: readonly Table[]): SourceDefinition {
  const fields: string[] = [];
  const fieldPlace = (name: string): number => {
    const at = fields.indexOf(name);
    return at >= 0 ? at : fields.push(name) - 1;
  };
  const entry = (of: EntryJson | undefined): MapEntry | undefined => {
    if (of === undefined) return undefined;
    if (typeof of === "string") return { from: [fieldPlace(of)], transforms: [], onInvalid: "refuse", constant: undefined };
    if (of.value !== undefined) return { from: [], transforms: [], onInvalid: "refuse", constant: of.value };
    return {
      from: (typeof of.from === "string" ? [of.from] : of.from ?? []).map(fieldPlace),
      transforms: (of.as ?? []).map(transformOf),
      onInvalid: of.onInvalid ?? "refuse",
      constant: undefined,
    };
  };

  // In this order, which is the order in which a drop list names fields.
  const requires = json.requires.map(fieldPlace);
  const table = json.table === undefined ? -1 : tables.findIndex(({ name }) => name === json.table);
  const map: (MapEntry | undefined)[] = [];
  if (table >= 0) {
    map.length = tables[table]!.fields.length;
    for (const [name, of] of Object.entries(json.map ?? {})) map[tables[table]!.fields.findIndex((field) => field.name === name)] = entry(of);
  }
  const account = json.account === undefined ? undefined
    : { id: entry(json.account.id), registeredAt: entry(json.account.registeredAt), exportedAt: entry(json.account.exportedAt) };
  const skip = (json.skip ?? []).map((condition) => ({ ...conditionOf(condition, fieldPlace), because: condition.because }));
  return {
    table, requires, map, account, skip, fields,
    files: new FilePattern(json.files),
    reader: json.reader,
    records: json.records ?? "",
    confidence: json.confidence ?? "provisional",
    private: json.private ?? {},
    delimiter: ",",
  };
}

function transformOf(name: string): Transform {
  const transform = transforms.get(name);
  if (transform === undefined) throw new Error(`The transform ${name} is not known here.`);
  return transform;
}
