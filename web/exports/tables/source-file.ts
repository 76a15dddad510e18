import { CsvRecordReader } from "../csv/record-reader.ts";
import type { EntryReader, ExportEntry } from "../entry.ts";
import { JsonRecordReader } from "../json/reader.ts";
import { ExportRefused, showFile } from "../refusal.ts";
import type { ExportSource } from "../source.ts";
import type { RecordReader } from "../values.ts";
import type { SourceDefinition } from "./definition.ts";

/** An entry of a provider's export, opened by the reader of its form. */
export interface SourceFile {
  readonly reader: RecordReader;
  readonly content: EntryReader;
}

export async function openSource(export_: ExportSource, entry: ExportEntry, source: SourceDefinition, probes: boolean): Promise<SourceFile> {
  const content = probes ? export_.probe(entry) : export_.read(entry);
  const bytes = { name: showFile(entry.name), next: (): Promise<Uint8Array | undefined> => content.next() };
  switch (source.reader) {
    case "csv":
      return { content, reader: await CsvRecordReader.open(bytes, source.fields, export_.limits) };
    case "json":
    case "js":
      return { content, reader: new JsonRecordReader(bytes, { path: source.records, fields: source.fields }, source.reader, export_.limits) };
    default:
      throw new ExportRefused(
        "export.not_in_browser", `${showFile(entry.name)} is read by the command line only: ${source.reader} is not read in the browser yet.`,
        "commonhold contribute");
  }
}
