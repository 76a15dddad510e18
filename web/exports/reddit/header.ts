import type { CsvReader } from "../csv/reader.ts";
import type { Confidence } from "../reading.ts";
import { ExportRefused } from "../refusal.ts";
import { privateReason } from "./definition.ts";
import type { RedditFileKind } from "./definition.ts";

/** Where a file's columns are, found by name, and which of them cleaning keeps. */
export interface RedditHeader {
  readonly columns: readonly string[];
  readonly kept: readonly number[];
  /** Columns that stay behind, with the reason. */
  readonly dropped: readonly { readonly column: string; readonly reason: string }[];
  readonly confidence: Confidence;
}

/** Reads the header row of a file and refuses one that lacks what its kind needs. */
export async function readHeader(reader: CsvReader, file: string, kind: RedditFileKind): Promise<RedditHeader> {
  const refuse = (what: string): ExportRefused =>
    new ExportRefused("export.header", `${file} ${what}.`, `Its columns should be: ${kind.header}. Pass the export as Reddit sent it.`);
  if (!(await reader.read())) throw refuse("is empty: it has no header");
  const columns: string[] = [];
  for (let i = 0; i < reader.fieldCount; i++) {
    const bytes = reader.value(i).length;
    if (bytes === 0 || bytes > 64) throw refuse(`has a column name of ${bytes} bytes`);
    columns.push(reader.text(i));
  }
  if (new Set(columns).size !== columns.length) throw refuse("names a column twice");
  const missing = kind.required.find((column) => !columns.includes(column));
  if (missing !== undefined) throw refuse(`has no column '${missing}'`);

  const kept: number[] = [];
  const dropped: { column: string; reason: string }[] = [];
  for (const [i, column] of columns.entries()) {
    const reason = privateReason(kind, column);
    if (reason === undefined) kept.push(i);
    else dropped.push({ column, reason });
  }
  return { columns, kept, dropped, confidence: judge(kind, columns) };
}

function judge(kind: RedditFileKind, columns: readonly string[]): Confidence {
  const isPrivate = (column: string): boolean => kind.secret !== undefined || Object.hasOwn(kind.private, column);
  const text = columns.join(",");
  // A cleaned file's header is a known one without the private columns.
  if (kind.headers.some((header) => header.join(",") === text || header.filter((column) => !isPrivate(column)).join(",") === text))
    return kind.isSecondHand ? "provisional" : "confirmed";
  return kind.headers[0]!.every((column) => columns.includes(column) || isPrivate(column)) ? "compatible" : "provisional";
}
