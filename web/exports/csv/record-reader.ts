import { grouped } from "../bytes.ts";
import type { ExportLimits } from "../limits.ts";
import { ExportRefused, show } from "../refusal.ts";
import type { RecordReader, SourceValue } from "../values.ts";
import { CsvReader } from "./reader.ts";
import type { ByteSource } from "./reader.ts";

/** Records of a CSV file: the first row names the columns, in any order. */
export class CsvRecordReader implements RecordReader {
  readonly #reader: CsvReader;
  readonly #name: string;
  readonly #at: number[];
  readonly #others: string[] = [];
  #columns = 0;

  private constructor(name: string, reader: CsvReader, fields: readonly string[]) {
    this.#name = name;
    this.#reader = reader;
    this.#at = fields.map(() => -1);
  }

  static async open(source: ByteSource, fields: readonly string[], limits: ExportLimits, delimiter: string): Promise<CsvRecordReader> {
    const reader = new CsvReader(source, limits, delimiter);
    await reader.start();
    const records = new CsvRecordReader(source.name, reader, fields);
    if (await reader.read()) records.#takeHeader(fields);
    return records;
  }

  get number(): number {
    return this.#reader.rowNumber;
  }

  get otherFields(): readonly string[] {
    return this.#others;
  }

  /** Whether the header names the field. */
  hasColumn(field: number): boolean {
    return this.#at[field]! >= 0;
  }

  async read(): Promise<boolean> {
    if (!this.#reader.readHeld() && !(await this.#reader.read())) return false;
    if (this.#reader.fieldCount !== this.#columns)
      throw new ExportRefused(
        this.#reader.fieldCount > this.#columns ? "export.row_too_wide" : "export.row_too_narrow",
        `${this.#name}, row ${grouped(this.number)} has ${this.#reader.fieldCount} columns; its header has ${this.#columns}.`,
        "Pass the export as you received it.");
    return true;
  }

  get(field: number): SourceValue | undefined {
    const at = this.#at[field]!;
    return at < 0 ? undefined : { kind: "text", text: this.#reader.text(at) };
  }

  #takeHeader(fields: readonly string[]): void {
    this.#columns = this.#reader.fieldCount;
    for (let column = 0; column < this.#columns; column++) {
      const title = this.#reader.text(column);
      const field = fields.indexOf(title);
      if (field < 0) this.#others.push(title);
      else if (this.#at[field]! >= 0)
        throw new ExportRefused("export.header", `${this.#name} names the column ${show(title)} twice.`, "Pass the export as you received it.");
      else this.#at[field] = column;
    }
  }
}
