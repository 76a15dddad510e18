import { ByteBuilder } from "../bytes.ts";
import type { Sink } from "../zip/writer.ts";
import type { PlainCell } from "./cells.ts";
import type { Table } from "./definition.ts";

const needsQuotes = /[,"\r\n]/;

/** Writes a table of the cleaned form: RFC 4180, CRLF, quotes only where they are needed. */
export class PlainCsvWriter {
  readonly #output: Sink;
  readonly #bytes = new ByteBuilder(160 << 10);

  constructor(output: Sink) {
    this.#output = output;
  }

  get isFull(): boolean {
    return this.#bytes.length >= 128 << 10;
  }

  header(table: Table): void {
    this.#line(table.fields.map((field) => field.name));
  }

  row(cells: readonly PlainCell[]): void {
    this.#line(cells.map((cell) => cell.text));
  }

  async flush(): Promise<void> {
    if (this.#bytes.length > 0) await this.#output.write(this.#bytes.take());
  }

  #line(fields: readonly string[]): void {
    // A row of one empty field would be an empty line.
    const quoted = fields.map((field) =>
      needsQuotes.test(field) || (field === "" && fields.length === 1) ? `"${field.replaceAll('"', '""')}"` : field);
    this.#bytes.appendText(quoted.join(",") + "\r\n");
  }
}
