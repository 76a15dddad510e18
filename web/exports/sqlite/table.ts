import { grouped } from "../bytes.ts";
import type { ExportLimits } from "../limits.ts";
import type { SourceValue } from "../values.ts";
import { readColumns } from "./create-table.ts";
import { writeReal } from "./number.ts";
import type { SqlitePages } from "./pages.ts";
import { damaged, wrongSchema } from "./refusal.ts";
import { SqliteRow } from "./row.ts";
import { SqliteTree } from "./tree.ts";

const mostEntries = 1 << 16;

/** A column as CREATE TABLE declares it. */
export interface SqliteColumn {
  readonly name: string;
  /** Its place in a row; −1 when the row does not hold it. */
  readonly stored: number;
  /** It is another name of the rowid. */
  readonly isRowId: boolean;
  /** Integers in it are reals, kept short. */
  readonly isReal: boolean;
  /** What a row has that is older than the column. */
  readonly standard: SourceValue;
}

/** A table's columns and where its rows are. */
export interface SqliteTable {
  readonly name: string;
  readonly root: number;
  readonly columns: readonly SqliteColumn[];
}

export const columnOf = (table: SqliteTable | undefined, name: string): SqliteColumn | undefined =>
  table?.columns.find((column) => column.name.toUpperCase() === name.toUpperCase());

/** The column's value in a row; undefined when it has none, as where a column is computed. */
export function valueIn(row: SqliteRow, column: SqliteColumn): SourceValue | undefined {
  if (column.isRowId) return { kind: "number", text: String(row.rowId) };
  if (column.stored < 0) return undefined;
  if (column.stored >= row.count) return column.standard;
  const integer = column.isReal ? row.integer(column.stored) : undefined;
  return integer === undefined ? row.get(column.stored) : { kind: "number", text: writeReal(Number(integer)) };
}

/** Reads `sqlite_schema`, whose rows begin on page 1, for the tables that are asked for; they are found by their names in capitals. */
export async function findTables(pages: SqlitePages, names: readonly string[], limits: ExportLimits): Promise<Map<string, SqliteTable>> {
  const found = new Map<string, SqliteTable>();
  const wanted = new Set(names.map((name) => name.toUpperCase()));
  const tree = new SqliteTree(pages, 1, limits);
  const row = new SqliteRow(pages.header.encoding);
  const text = (column: number): string | undefined => {
    const value = row.get(column);
    return value.kind === "text" ? value.text : undefined;
  };
  for (let count = 0; await tree.next(row); count++) {
    if (count > mostEntries) throw wrongSchema(pages.name, `has more than ${grouped(mostEntries)} tables and indexes`);
    if (row.count < 5) throw damaged(pages.name, "has a broken list of tables");
    const name = text(1);
    if (text(0) !== "table" || name === undefined || !wanted.has(name.toUpperCase())) continue;
    const root = row.integer(3);
    const sql = text(4);
    if (root === undefined || root <= 1 || root > 0xffffffff || sql === undefined) throw wrongSchema(pages.name, `has no rows of its own in the table ${name}`);
    if (found.has(name.toUpperCase())) throw damaged(pages.name, `has two tables called ${name}`);
    found.set(name.toUpperCase(), { name, root: Number(root), columns: readColumns(sql, name, pages.name) });
  }
  return found;
}

