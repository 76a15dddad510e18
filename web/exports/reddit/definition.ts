import definition from "../../../src/Commonhold.Exports/Reddit/format.json";

/** What is known of one of the files; see RedditDefinition.cs, which reads the same format.json. */
export interface RedditFileKind {
  readonly name: string;
  readonly order: number;
  readonly header: string;
  readonly headers: readonly (readonly string[])[];
  readonly required: readonly string[];
  /** Known columns that stay with the member, and why. */
  readonly private: Readonly<Record<string, string>>;
  /** Why the whole file stays with the member. */
  readonly secret: string | undefined;
  readonly isDated: boolean;
  readonly headersOf: string | undefined;
  readonly isSecondHand: boolean;
}

interface FileDefinition {
  readonly name: string;
  readonly header: string;
  readonly required?: string;
  readonly otherHeaders?: readonly string[];
  readonly private?: Readonly<Record<string, string>>;
  readonly secret?: string;
  readonly dated?: boolean;
  readonly headersOf?: string;
  readonly secondHand?: boolean;
}

export const schema = definition.schema;
export const title = definition.title;
export const placeWord = definition.places;
export const publicStatistics: ReadonlySet<string> = new Set(definition.statistics);
export const privateStatistics: Readonly<Record<string, string>> = definition.privateStatistics;

/** All kinds, in the order in which they are read and written. */
export const kinds: readonly RedditFileKind[] = (definition.files as unknown as readonly FileDefinition[]).map((file, order) => ({
  name: file.name,
  order,
  header: file.header,
  headers: [file.header, ...(file.otherHeaders ?? [])].map((header) => header.split(",")),
  required: (file.required ?? "").split(",").filter((column) => column.length > 0),
  private: file.private ?? {},
  secret: file.secret,
  isDated: file.dated ?? false,
  headersOf: file.headersOf,
  isSecondHand: file.secondHand ?? false,
}));

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

export const kind = (name: string): RedditFileKind => byName.get(name)!;
export const checkfile = kind("checkfile");
export const statistics = kind("statistics");

/** `post_votes.csv`, `post_votes_2.csv`, `messages_archive.csv`, `messages_archive_headers.csv`. */
export function kindOf(fileName: string): RedditFileKind | undefined {
  if (!fileName.endsWith(".csv")) return undefined;
  let name = fileName.slice(0, -4).replace(/(?<=.)_[0-9]{1,4}$/, "");
  if (name === "messages_archive_headers") name = "message_headers";
  return byName.get(name.replace(/_archive$/, ""));
}

/** Why a column of a file stays behind; undefined when it is shared. */
export function privateReason(file: RedditFileKind, column: string): string | undefined {
  const isKnown = file.headers.some((header) => header.includes(column));
  return isKnown ? (file.secret ?? file.private[column]) : "not a column we know";
}
