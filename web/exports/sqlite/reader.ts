import { grouped } from "../bytes.ts";
import type { RandomAccess } from "../bytes.ts";
import type { ExportLimits } from "../limits.ts";
import { ExportRefused } from "../refusal.ts";
import type { RecordReader, RecordSelection, SourceValue } from "../values.ts";
import { SqlitePages } from "./pages.ts";
import { wrongSchema } from "./refusal.ts";
import { SqliteRow } from "./row.ts";
import { columnOf, findTables, valueIn } from "./table.ts";
import type { SqliteColumn, SqliteTable } from "./table.ts";
import { SqliteTree } from "./tree.ts";

interface Field {
  readonly name: string;
  readonly join: Join | undefined;
  column: SqliteColumn | undefined;
}

// Rows of another table that a column points at.
interface Join {
  readonly table: string;
  readonly column: string;
  by: SqliteColumn | undefined;
  tree: SqliteTree | undefined;
  row: SqliteRow | undefined;
  /** The row that was found last is in `row`. */
  hasRow: boolean;
  isFound: boolean;
}

/**
 * Streams the rows of one table of an SQLite database, with values of rows in other tables that they point at.
 *
 * Our own reader of the file format (sqlite.org/fileformat2.html): it reads tables with rowids and nothing else, no index, no freed
 * page, no query. The selection's path is the table; a field is a column (`visit_time`) or a column of the row whose rowid a column
 * holds (`urls[url].title`). A column or other table that is not there gives no value; the table itself must be. What stands only in
 * a write-ahead log beside the file is not read; `note` says so. As SqliteRecordReader.cs.
 */
export class SqliteRecordReader implements RecordReader {
  readonly #name: string;
  readonly #limits: ExportLimits;
  readonly #fields: readonly Field[];
  readonly #joins: readonly Join[];
  readonly #tree: SqliteTree;
  readonly #row: SqliteRow;
  readonly otherFields: readonly string[];
  readonly note: string | undefined;

  number = 0;

  private constructor(
    pages: SqlitePages, table: SqliteTable, fields: readonly Field[], joins: readonly Join[], limits: ExportLimits) {
    this.#name = pages.name;
    this.#limits = limits;
    this.#fields = fields;
    this.#joins = joins;
    this.#tree = new SqliteTree(pages, table.root, limits);
    this.#row = new SqliteRow(pages.header.encoding);
    const asked = new Set(fields.map((field) => (field.join?.column ?? field.name).toUpperCase()));
    this.otherFields = table.columns.map((column) => column.name).filter((name) => !asked.has(name.toUpperCase()));
    this.note = pages.header.hasWriteAheadLog
      ? `what its program wrote last may still stand in ${this.#name}-wal, which is not read: close the program before you copy the file`
      : undefined;
  }

  static async open(
    file: RandomAccess, name: string, selection: RecordSelection, limits: ExportLimits, loaded: (bytes: number) => void): Promise<SqliteRecordReader> {
    const joins: Join[] = [];
    const fields = selection.fields.map((field) => fieldOf(field, joins));
    const pages = await SqlitePages.open(file, name, loaded);
    const tables = await findTables(pages, [selection.path, ...joins.map((join) => join.table)], limits);
    const table = tables.get(selection.path.toUpperCase());
    if (table === undefined) throw wrongSchema(name, `has no table ${selection.path}`);
    for (const join of joins) {
      const other = tables.get(join.table.toUpperCase());
      if (other === undefined) continue;
      join.by = columnOf(table, join.column);
      join.tree = new SqliteTree(pages, other.root, limits);
      join.row = new SqliteRow(pages.header.encoding);
    }
    for (const field of fields) field.column = columnOf(field.join === undefined ? table : tables.get(field.join.table.toUpperCase()), field.name);
    // A join that no column is asked of is not followed.
    return new SqliteRecordReader(pages, table, fields, joins.filter((join) => fields.some((field) => field.join === join && field.column !== undefined)), limits);
  }

  async read(): Promise<boolean> {
    if (!(await this.#tree.next(this.#row))) return false;
    if (++this.number > this.#limits.rows)
      throw new ExportRefused(
        "export.too_many_rows", `${this.#name} holds more than ${grouped(this.#limits.rows)} records.`, "Ask the DAO's operator whether the limit can be raised.");
    for (const join of this.#joins) join.isFound = await this.#follow(join);
    return true;
  }

  get(field: number): SourceValue | undefined {
    const { column, join } = this.#fields[field]!;
    if (column === undefined) return undefined;
    if (join === undefined) return valueIn(this.#row, column);
    return join.isFound ? valueIn(join.row!, column) : undefined;
  }

  async #follow(join: Join): Promise<boolean> {
    const { by, tree, row } = join;
    if (by === undefined || tree === undefined || row === undefined) return false;
    const rowId = by.isRowId ? this.#row.rowId : by.stored >= 0 && by.stored < this.#row.count && !by.isReal ? this.#row.integer(by.stored) : undefined;
    if (rowId === undefined) return false;
    // Rows that follow each other often point at the same one.
    if (join.hasRow && row.rowId === rowId) return true;
    return (join.hasRow = await tree.find(rowId, row));
  }
}

// urls[url].title
function fieldOf(field: string, joins: Join[]): Field {
  const parts = /^([^[]+)\[([^\]]+)\]\.(.+)$/.exec(field);
  if (parts === null) return { name: field, join: undefined, column: undefined };
  const [, table, column, name] = parts as unknown as [string, string, string, string];
  let join = joins.find((known) => known.table === table && known.column === column);
  if (join === undefined) {
    join = { table, column, by: undefined, tree: undefined, row: undefined, hasRow: false, isFound: false };
    joins.push(join);
  }
  return { name, join, column: undefined };
}
