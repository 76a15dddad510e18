import { ByteBuilder } from "../bytes.ts";
import type { CsvReader } from "../csv/reader.ts";
import type { Sink } from "../zip/writer.ts";

const comma = [0x2c];
const rowEnd = [0x0d, 0x0a];
const emptyField = [0x22, 0x22];

/** Writes the kept columns of rows, each field as it stood in the original. */
export class RowCopier {
  readonly #output: Sink;
  readonly #columns: readonly number[];
  readonly #bytes = new ByteBuilder(64 << 10);

  constructor(output: Sink, columns: readonly number[]) {
    this.#output = output;
    this.#columns = columns;
  }

  get isFull(): boolean {
    return this.#bytes.length >= 48 << 10;
  }

  write(reader: CsvReader): void {
    for (const [i, column] of this.#columns.entries()) {
      if (i > 0) this.#bytes.append(comma);
      const field = reader.raw(column);
      // A row of one empty field would be an empty line.
      this.#bytes.append(field.length === 0 && this.#columns.length === 1 ? emptyField : field);
    }
    this.#bytes.append(rowEnd);
  }

  async flush(): Promise<void> {
    if (this.#bytes.length > 0) await this.#output.write(this.#bytes.take());
  }
}
