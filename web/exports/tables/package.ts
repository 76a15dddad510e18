import { ByteBuilder, encoder } from "../bytes.ts";
import type { ExportAccount } from "../reading.ts";
import type { Sink } from "../zip/writer.ts";
import type { PlainCell } from "./cells.ts";
import type { ConstraintsJson, Field, FormatDefinition, Table } from "./definition.ts";
import { writeMoment } from "./moment.ts";

/** `datapackage.json` of the cleaned form, byte for byte as PackageJson.cs writes it. */
export function writePackage(format: FormatDefinition, tables: readonly Table[], account: ExportAccount): Uint8Array<ArrayBuffer> {
  const time = (at: number | null): string | undefined =>
    at === null ? undefined : writeMoment({ seconds: Math.floor(at / 1000), ticks: Math.round((at - Math.floor(at / 1000) * 1000) * 10_000) });
  const json = {
    profile: "tabular-data-package",
    name: format.schema,
    title: format.title,
    resources: tables.map((table) => ({
      name: table.name,
      path: table.fileName,
      profile: "tabular-data-resource",
      encoding: "utf-8",
      schema: { fields: table.fields.map(fieldJson), primaryKey: table.key },
    })),
    commonhold: {
      form: "cleaned",
      account: {
        platform: account.platform,
        id: account.id ?? undefined,
        registeredAt: time(account.registeredAt),
        exportedAt: time(account.exportedAt),
      },
    },
  };
  return encoder.encode(JSON.stringify(json, undefined, 2) + "\n");
}

function fieldJson(field: Field): object {
  const { constraints } = field.json;
  return { name: field.name, type: field.json.type ?? "string", constraints: constraints === undefined ? undefined : constraintsJson(constraints) };
}

// In this order, whatever the definition's.
const constraintsJson = (c: ConstraintsJson): object => ({
  required: c.required === true ? true : undefined,
  unique: c.unique === true ? true : undefined,
  minLength: c.minLength,
  maxLength: c.maxLength,
  minimum: c.minimum,
  maximum: c.maximum,
  pattern: c.pattern,
  enum: c.enum,
});

const needsQuotes = /[,"\r\n]/;

/** Writes a table of the cleaned form: RFC 4180, CRLF, quotes only where they are needed. */
export class PlainCsvWriter {
  readonly #output: Sink;
  readonly #bytes = new ByteBuilder(64 << 10);

  constructor(output: Sink) {
    this.#output = output;
  }

  get isFull(): boolean {
    return this.#bytes.length >= 48 << 10;
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
