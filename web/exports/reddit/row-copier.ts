import { ByteBuilder } from "../bytes.ts";
import type { CsvReader } from "../csv/reader.ts";
import type { Sink } from "../zip/writer.ts";

const comma = [0x2c];
const rowEnd = [0x0d, 0x0a];
const emptyField = [0x22, 0x22];

/** Writes the kept columns of rows, each field as it stood in the original. */
export class RowCopier {
  readonly #output: Sink;
  readonly #columns: number;
  /** First and last of the columns that stand side by side: they are copied with what is between them. */
  readonly #runs: readonly (readonly [number, number])[];
  readonly #bytes = new ByteBuilder(160 << 10);

  constructor(output: Sink, columns: readonly number[]) {
    this.#output = output;
    this.#columns = columns.length;
    const firsts = columns.filter((column) => !columns.includes(column - 1));
    const lasts = columns.filter((column) => !columns.includes(column + 1));
    this.#runs = firsts.map((first, i) => [first, lasts[i]!]);
  }

  get isFull(): boolean {
    return this.#bytes.length >= 128 << 10;
  }

  write(reader: CsvReader): void {
    for (let i = 0; i < this.#runs.length; i++) {
      if (i > 0) this.#bytes.append(comma);
      const [first, last] = this.#runs[i]!;
      const fields = reader.raw(first, last);
      // A row of one empty field would be an empty line.
      this.#bytes.append(fields.length === 0 && this.#columns === 1 ? emptyField : fields);
    }
    this.#bytes.append(rowEnd);
  }

  async flush(): Promise<void> {
    if (this.#bytes.length > 0) await this.#output.write(this.#bytes.take());
  }
}
