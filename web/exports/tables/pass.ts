import { ByteBuilder, grouped } from "../bytes.ts";
import { CsvReader } from "../csv/reader.ts";
import type { ExportEntry } from "../entry.ts";
import { PlaceCounter } from "../places.ts";
import type { Confidence, DroppedItem, ExportAccount, ExportReading, FileReading } from "../reading.ts";
import { ExportRefused, show, showFile } from "../refusal.ts";
import type { ExportSource } from "../source.ts";
import { RowCounter, monthOf, notesOn } from "../summary.ts";
import type { ZipWriter } from "../zip/writer.ts";
import { readAccount } from "./account.ts";
import type { PlainCell } from "./cells.ts";
import { StructureChecks } from "./checks.ts";
import type { FormatDefinition, Table } from "./definition.ts";
import { PlainCsvWriter } from "./csv-writer.ts";
import { cleanedSchema, packageFile, readPackage, writePackage } from "./package.ts";
import { PackageRows } from "./package-rows.ts";
import { SourcePlan } from "./plan.ts";
import type { PlannedFile } from "./plan.ts";
import { SourceRows } from "./rows.ts";
import { SeenTexts } from "./seen-texts.ts";
import { openSource } from "./source-file.ts";
import { hostOf } from "./url.ts";

const maxPlaceBytes = 256;
const mostNamed = 20;

/** What a file is by a definition; undefined when it is surely something else. */
export async function recogniseTables(
  format: FormatDefinition, source: ExportSource): Promise<{ confidence: Confidence; evidence: string } | undefined> {
  const cleaned = await cleanedSchema(source);
  if (cleaned !== undefined)
    return cleaned === format.schema ? { confidence: "confirmed", evidence: `${packageFile} names ${format.schema}.` } : undefined;
  const plan = await SourcePlan.make(format, source);
  return plan.confidence === undefined ? undefined : { confidence: plan.confidence, evidence: `${plan.evidence}.` };
}

/** Reads an export by a definition, in its provider's own form or cleaned before: checks, counts and, with a writer, the cleaned
 *  archive; what TablePass.cs does. */
export async function readTables(format: FormatDefinition, source: ExportSource, writer?: ZipWriter): Promise<ExportReading> {
  if ((await cleanedSchema(source)) !== undefined) return readCleaned(format, source, writer);
  const plan = await SourcePlan.make(format, source);
  if (plan.confidence === undefined)
    throw plan.broken ?? new ExportRefused("export.not_recognised", `No file of a ${format.title} was found.`, `Looked for ${format.lookedFor}.`);
  const dropped: DroppedItem[] = [];
  const account = await readAccount(format, source, plan, dropped);
  return new TablePass(format, source, account, dropped, writer).readSources(plan);
}

async function readCleaned(format: FormatDefinition, source: ExportSource, writer: ZipWriter | undefined): Promise<ExportReading> {
  const content = source.read(source.find(packageFile)!);
  const json = new ByteBuilder();
  for (let chunk = await content.next(); chunk !== undefined; chunk = await content.next()) json.append(chunk);
  const { tables, account } = readPackage(format, json.bytes);
  const unknown = source.entries.find((entry) => entry.name !== packageFile && !tables.some((table) => table.fileName === entry.name));
  if (unknown !== undefined)
    throw new ExportRefused(
      "export.unknown_file", `The entry ${show(unknown.name)} is not one of the tables that ${packageFile} names.`,
      "Contribute with `commonhold contribute`: it leaves out what is private.");
  return new TablePass(format, source, account, [], writer).readCleaned(tables);
}

class TablePass {
  readonly #format: FormatDefinition;
  readonly #source: ExportSource;
  readonly #account: ExportAccount;
  readonly #dropped: DroppedItem[];
  readonly #writer: ZipWriter | undefined;
  readonly #checks: StructureChecks;
  readonly #places: PlaceCounter;
  readonly #rowsBy = new RowCounter();
  readonly #files: FileReading[] = [];
  #rows = 0;

  constructor(
    format: FormatDefinition, source: ExportSource, account: ExportAccount, dropped: DroppedItem[], writer: ZipWriter | undefined) {
    this.#format = format;
    this.#source = source;
    this.#account = account;
    this.#dropped = dropped;
    this.#writer = writer;
    this.#checks = new StructureChecks(format, account, source.limits.dateSkewSeconds);
    this.#places = new PlaceCounter(source.limits.places, maxPlaceBytes);
  }

  /** Reads the provider's own form. */
  async readSources(plan: SourcePlan): Promise<ExportReading> {
    const tables = this.#format.tables.map((table, place) => ({ table, files: plan.ordered(place) })).filter(({ files }) => files.length > 0);
    this.#source.expect(tables.flatMap(({ files }) => files).reduce((sum, file) => sum + file.entry.size, 0));
    await this.#begin(tables.map(({ table }) => table));
    for (const { table, files } of tables) await this.#writeTable(table, (csv) => this.#readTable(table, files, csv));
    this.#dropped.push(...leftOut(this.#format, this.#source.entries, plan));
    return this.#conclude(plan.confidence!);
  }

  /** Reads the cleaned form. */
  async readCleaned(tables: readonly Table[]): Promise<ExportReading> {
    const entries = tables.map((table) => ({ table, entry: this.#source.find(table.fileName) }));
    this.#source.expect(this.#source.entries.reduce((sum, entry) => sum + entry.size, 0));
    await this.#begin(tables);
    for (const { table, entry } of entries) {
      if (entry === undefined)
        throw new ExportRefused("export.package_invalid", `${packageFile} names ${table.fileName}, which is not there.`, "Clean the export again.");
      await this.#writeTable(table, (csv) => this.#readPlain(entry, table, csv));
    }
    return this.#conclude("confirmed");
  }

  async #begin(tables: readonly Table[]): Promise<void> {
    const { id } = this.#account;
    // Made up in a package by hand: each invented name would be another account, of one and the same wallet.
    if (id !== null && !this.#format.namesAccount)
      throw new ExportRefused("export.package_invalid", `${packageFile} names an account, which a ${this.#format.title} does not.`, "Clean the export again.");
    if (id === null && this.#format.namesAccount)
      throw new ExportRefused(
        "export.account_missing", `The export does not say whose account of ${this.#format.platform} it is.`, "Pass the whole archive as you received it.");
    await this.#writer?.add(packageFile, (output) => output.write(writePackage(this.#format, tables, this.#account)));
  }

  async #writeTable(table: Table, read: (csv: PlainCsvWriter | undefined) => Promise<void>): Promise<void> {
    if (this.#writer === undefined) {
      await read(undefined);
      return;
    }
    await this.#writer.add(table.fileName, async (output) => {
      const csv = new PlainCsvWriter(output);
      csv.header(table);
      await read(csv);
      await csv.flush();
    });
  }

  #conclude(confidence: Confidence): ExportReading {
    const files = this.#files;
    return {
      schema: this.#format.schema, title: this.#format.title, confidence, account: this.#account, files, dropped: this.#dropped,
      checks: this.#checks.conclude(), notes: notesOn(files),
      summary: this.#rowsBy.summary(files.reduce((sum, file) => sum + file.bytes, 0), this.#places, this.#format.placeWord),
    };
  }

  async #readPlain(entry: ExportEntry, table: Table, csv: PlainCsvWriter | undefined): Promise<void> {
    const content = this.#source.read(entry);
    const reader = new CsvReader(content, this.#source.limits);
    const rows = await PackageRows.open(reader, table, seenTexts(table));
    const months = this.#rowsBy.months(table.name);
    let count = 0;
    for (let row = await rows.next(); row !== undefined; row = await rows.next()) {
      count++;
      this.#take(table, row, entry.name, reader.rowNumber, months);
      csv?.row(row);
      if (csv?.isFull === true) await csv.flush();
    }
    this.#rowsBy.add(table.name, count);
    this.#files.push({ name: entry.name, kind: table.name, bytes: entry.size, rows: count, confidence: "confirmed" });
  }

  async #readTable(table: Table, files: readonly PlannedFile[], csv: PlainCsvWriter | undefined): Promise<void> {
    const seen = seenTexts(table);
    for (const file of files) await this.#readFile(file, table, seen, csv);
  }

  async #readFile(
    file: PlannedFile, table: Table, seen: readonly (SeenTexts | undefined)[], csv: PlainCsvWriter | undefined): Promise<void> {
    const { reader, finish } = await openSource(this.#source, file.entry, file.source, false);
    const rows = new SourceRows(showFile(file.entry.name), file.source, table, seen, this.#source.limits);
    const months = this.#rowsBy.months(table.name);
    let records = 0;
    let count = 0;
    while (await reader.read()) {
      records++;
      const row = rows.take(reader);
      if (row === undefined) continue;
      count++;
      this.#take(table, row, file.entry.name, reader.number, months);
      csv?.row(row);
      if (csv?.isFull === true) await csv.flush();
    }
    await finish();
    this.#dropped.push(...rows.dropped(reader, records));
    if (reader.note !== undefined) this.#dropped.push({ file: file.entry.name, column: null, rows: 0, reason: reader.note });
    this.#rowsBy.add(table.name, count);
    this.#files.push({ name: file.entry.name, kind: table.name, bytes: file.entry.size, rows: count, confidence: file.confidence });
  }

  #take(table: Table, row: readonly PlainCell[], file: string, number: number, months: Map<number, number>): void {
    if (++this.#rows > this.#source.limits.rows)
      throw new ExportRefused(
        "export.too_many_rows", `The export has more than ${grouped(this.#source.limits.rows)} rows.`, "Ask the operator whether larger exports can be taken.");
    this.#checks.take(table, row, file, number);
    const moment = table.time >= 0 ? row[table.time]!.moment : undefined;
    if (moment !== undefined) {
      const month = monthOf(moment.seconds * 1000);
      months.set(month, (months.get(month) ?? 0) + 1);
    }
    if (table.place === undefined) return;
    const value = row[table.place.field]!.text;
    this.#places.addText((table.place.isDomain ? hostOf(value) : value) ?? "");
  }
}

const seenTexts = (table: Table): (SeenTexts | undefined)[] =>
  table.fields.map((field) => (field.constraints?.isUnique === true ? new SeenTexts(field.name) : undefined));

// The files of a provider's archive that are not looked into: known ones by their pattern, others by name.
function leftOut(format: FormatDefinition, entries: readonly ExportEntry[], plan: SourcePlan): DroppedItem[] {
  const item = (file: string, reason: string): DroppedItem => ({ file, column: null, rows: 0, reason });
  const items = plan.notRead.map(({ entry, reason }) => item(showFile(entry.name), reason));
  const read = new Set([...plan.files, ...plan.notRead].map(({ entry }) => entry.name));
  const known = new Map<FormatDefinition["leftOut"][number], ExportEntry[]>();
  const unknown: ExportEntry[] = [];
  for (const entry of entries) {
    if (read.has(entry.name) || entry.name === packageFile) continue;
    const rule = format.leftOut.find(({ files }) => files.match(entry.name) !== undefined);
    const others = rule === undefined ? unknown : known.get(rule);
    if (others !== undefined) others.push(entry);
    else known.set(rule!, [entry]);
  }
  for (const [{ files, because }, matched] of known)
    items.push(item(matched.length === 1 ? showFile(matched[0]!.name) : `${files.text} (${grouped(matched.length)} files)`, because));
  for (const entry of unknown.slice(0, mostNamed)) items.push(item(showFile(entry.name), "not a file we know"));
  if (unknown.length > mostNamed) items.push(item(`${grouped(unknown.length - mostNamed)} more files`, "not files we know"));
  return items;
}
