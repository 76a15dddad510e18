import type { RandomAccess } from "../bytes.ts";
import { startsWith } from "../bytes.ts";
import { CsvRecordReader } from "../csv/record-reader.ts";
import type { ExportEntry } from "../entry.ts";
import { JsonLineRecordReader } from "../json/line-reader.ts";
import { JsonRecordReader } from "../json/reader.ts";
import { hint } from "../json/lexer.ts";
import { ExportRefused, show, showFile } from "../refusal.ts";
import type { ExportSource } from "../source.ts";
import { magic } from "../sqlite/pages.ts";
import { SqliteRecordReader } from "../sqlite/reader.ts";
import type { RecordReader } from "../values.ts";
import { XmlRecordReader } from "../xml/reader.ts";
import type { SourceDefinition } from "./definition.ts";

/** An entry of a provider's export, opened by the reader of its form. */
export interface SourceFile {
  readonly reader: RecordReader;
  /** Reads what is left, so that size and checksum are held to. */
  finish(): Promise<void>;
  cancel(): Promise<void>;
}

/** @param probes For a look at the first records, which counts towards no limit. */
export async function openSource(export_: ExportSource, entry: ExportEntry, source: SourceDefinition, probes: boolean): Promise<SourceFile> {
  if (source.reader === "sqlite") return openDatabase(export_, entry, source, probes);
  const content = probes ? export_.probe(entry) : export_.read(entry);
  const bytes = { name: showFile(entry.name), next: (): Promise<Uint8Array | undefined> => content.next() };
  const selection = { path: source.records, fields: source.fields };
  const { limits } = export_;
  const open = async (): Promise<RecordReader> => {
    switch (source.reader) {
      case "csv":
        return CsvRecordReader.open(bytes, source.fields, limits, source.delimiter);
      case "json":
      case "js":
        return new JsonRecordReader(bytes, selection, source.reader, limits);
      case "jsonl":
        return new JsonLineRecordReader(bytes, source.fields, limits);
      case "xml":
        return new XmlRecordReader(bytes, selection, limits);
      default:
        throw new Error(`There is no reader '${source.reader}'.`);
    }
  };
  return { reader: await open(), finish: () => content.finish(), cancel: () => content.cancel() };
}

// A database is read at many places: a file by its slices, an archive's entry from a copy.
async function openDatabase(export_: ExportSource, entry: ExportEntry, source: SourceDefinition, probes: boolean): Promise<SourceFile> {
  // What is not a database is not copied to find that out.
  if (probes && !startsWith(await export_.peek(entry, magic.length), magic))
    throw new ExportRefused("export.sqlite", `${show(entry.name)} is not an SQLite database.`, hint);
  const file: RandomAccess = export_.isArchive ? await export_.copy(entry, probes) : export_.whole(entry, probes);
  // What is read of it in which order says little, so a database counts as read when it is.
  const reader = await SqliteRecordReader.open(
    file, showFile(entry.name), { path: source.records, fields: source.fields }, export_.limits, () => export_.signal?.throwIfAborted());
  const finish = async (): Promise<void> => {
    if (!export_.isArchive) export_.advance(entry.size);
  };
  return { reader, finish, cancel: async () => undefined };
}
