import { grouped } from "../bytes.ts";
import type { CsvReader } from "../csv/reader.ts";
import { ExportRefused, show } from "../refusal.ts";
import type { PlainCell } from "./cells.ts";
import { faultOf } from "./constraints.ts";
import type { Table } from "./definition.ts";
import type { SeenTexts } from "./seen-texts.ts";

const hint = "Clean the export again with this version of the program.";

/** Reads the rows of one table of the cleaned form: exactly its columns, each value in plain form and within its constraints. */
export class PackageRows {
  readonly #reader: CsvReader;
  readonly #table: Table;
  readonly #seen: readonly (SeenTexts | undefined)[];

  private constructor(reader: CsvReader, table: Table, seen: readonly (SeenTexts | undefined)[]) {
    this.#reader = reader;
    this.#table = table;
    this.#seen = seen;
  }

  static async open(reader: CsvReader, table: Table, seen: readonly (SeenTexts | undefined)[]): Promise<PackageRows> {
    const rows = new PackageRows(reader, table, seen);
    await reader.start();
    if (!(await reader.read())) throw new ExportRefused("export.header", `${table.fileName} has no header.`, hint);
    rows.#checkHeader();
    return rows;
  }

  /** The next row of the file; undefined at its end. */
  async next(): Promise<PlainCell[] | undefined> {
    const reader = this.#reader;
    if (!reader.readHeld() && !(await reader.read())) return undefined;
    const { fields, fileName } = this.#table;
    if (reader.fieldCount !== fields.length)
      throw new ExportRefused(
        reader.fieldCount > fields.length ? "export.row_too_wide" : "export.row_too_narrow",
        `${fileName}, row ${grouped(reader.rowNumber)} has ${reader.fieldCount} columns; its header has ${fields.length}.`, hint);
    return fields.map((_, place) => this.#cell(place));
  }

  #cell(place: number): PlainCell {
    const field = this.#table.fields[place]!;
    const value = this.#reader.text(place);
    const type = field.type.asWritten;
    const cell = value === "" ? { text: "" } : type.plain(value);
    if (cell === undefined) throw this.#fault(field.name, `is not of the type ${type.name}`);
    // One value, one spelling: or the same row would have two keys.
    if (cell.text !== value) throw this.#fault(field.name, "is not in plain form");
    const fault = faultOf(field, cell, this.#seen[place]);
    if (fault !== undefined) throw this.#fault(field.name, fault);
    return cell;
  }

  #checkHeader(): void {
    const { fields, fileName } = this.#table;
    for (let i = 0; i < this.#reader.fieldCount; i++) {
      const column = this.#reader.text(i);
      if (column === fields[i]?.name) continue;
      if (fields.some((field) => field.name === column))
        throw new ExportRefused("export.header", `${fileName} has the column ${show(column)} twice or in another place.`, hint);
      throw new ExportRefused(
        "export.not_cleaned", `${fileName} has the column ${show(column)}, which this schema does not have.`,
        "Contribute with `commonhold contribute`: it leaves out what is private.");
    }
    if (this.#reader.fieldCount < fields.length)
      throw new ExportRefused("export.header", `${fileName} lacks the column ${show(fields[this.#reader.fieldCount]!.name)}.`, hint);
  }

  #fault(column: string, fault: string): ExportRefused {
    return new ExportRefused("export.field_invalid", `${this.#table.fileName}, row ${grouped(this.#reader.rowNumber)}, column '${column}' ${fault}.`, hint);
  }
}
