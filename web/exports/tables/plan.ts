import { ordinal } from "../bytes.ts";
import { CsvRecordReader } from "../csv/record-reader.ts";
import type { ExportEntry } from "../entry.ts";
import type { Confidence } from "../reading.ts";
import { ExportRefused, show } from "../refusal.ts";
import type { ExportSource } from "../source.ts";
import type { FormatDefinition, SourceDefinition } from "./definition.ts";
import { sourcesFor } from "./member-package.ts";
import { openSource } from "./source-file.ts";

// Enough that a field which is in some records only is seen.
const probedRecords = 32;

const certainty: readonly Confidence[] = ["provisional", "compatible", "confirmed"];

/** A file of an export, and the form in which it is read. */
export interface PlannedFile {
  readonly entry: ExportEntry;
  readonly source: SourceDefinition;
  readonly order: number;
  /** In its name, by which parts are ordered. */
  readonly numbers: readonly number[];
  readonly confidence: Confidence;
}

/** Which files of an export are read as what: by their names, and by the fields of their first records. As SourcePlan.cs. */
export class SourcePlan {
  readonly files: PlannedFile[] = [];
  /** Files that have the right name, and why they are not read: another form, or broken. */
  readonly notRead: { readonly entry: ExportEntry; readonly reason: string }[] = [];
  /** The first refusal that reading a file of the right name gave. */
  broken: ExportRefused | undefined;

  private constructor(readonly source: ExportSource, readonly sources: readonly SourceDefinition[]) {}

  static async make(format: FormatDefinition, source: ExportSource): Promise<SourcePlan> {
    const plan = new SourcePlan(source, await sourcesFor(format, source));
    for (const entry of source.entries) await plan.#place(entry);
    if (plan.files.length === 0 && !source.isArchive) await plan.#placeByContent(source.entries[0]!);
    return plan;
  }

  /** Of the surest file that fills a table; undefined when there is none. */
  get confidence(): Confidence | undefined {
    const sure = this.files.filter((file) => file.source.table >= 0).map((file) => certainty.indexOf(file.confidence));
    return sure.length === 0 ? undefined : certainty[Math.max(...sure)];
  }

  get evidence(): string {
    return this.files.filter((file) => file.source.table >= 0)
      .sort((a, b) => certainty.indexOf(b.confidence) - certainty.indexOf(a.confidence)).slice(0, 3)
      .map((file) => `${show(file.entry.name)} has ${file.source.requires.map((at) => file.source.fields[at]).join(", ")}`).join("; ");
  }

  /** The files of a table (−1: of the account), parts in the order of their numbers. */
  ordered(table: number): PlannedFile[] {
    return this.files.filter((file) => file.source.table === table)
      .sort((a, b) => a.order - b.order || byNumbers(a.numbers, b.numbers) || ordinal(a.entry.name, b.entry.name));
  }

  async #place(entry: ExportEntry): Promise<void> {
    const filled = new Set<number>();
    let isMatched = false;
    let reason: string | undefined;
    for (const [order, source] of this.sources.entries()) {
      const numbers = source.files.match(entry.name);
      if (numbers === undefined) continue;
      isMatched = true;
      if (filled.has(source.table)) continue;
      const lacks = await this.#probe(entry, source, true);
      if (lacks === undefined) {
        filled.add(source.table);
        this.files.push({ entry, source, order, numbers, confidence: source.confidence });
      }
      reason ??= lacks;
    }
    if (isMatched && filled.size === 0) this.notRead.push({ entry, reason: reason! });
  }

  // A single file may bear any name: it is what its fields say, a little less surely.
  async #placeByContent(entry: ExportEntry): Promise<void> {
    for (const [order, source] of this.sources.entries()) {
      if (this.files.some((file) => file.source.table === source.table) || (await this.#probe(entry, source, false)) !== undefined) continue;
      const confidence = source.confidence === "confirmed" ? "compatible" : source.confidence;
      this.files.push({ entry, source, order, numbers: [], confidence });
    }
  }

  // What the file lacks to be of this form; undefined when nothing.
  async #probe(entry: ExportEntry, source: SourceDefinition, isNamed: boolean): Promise<string | undefined> {
    const missing = new Set(source.requires);
    let cancel: (() => Promise<void>) | undefined;
    try {
      const file = await openSource(this.source, entry, source, true);
      cancel = file.cancel;
      const sieve = (has: (field: number) => boolean): void => {
        for (const field of missing) if (has(field)) missing.delete(field);
      };
      const { reader } = file;
      if (reader instanceof CsvRecordReader) sieve((field) => reader.hasColumn(field));
      for (let i = 0; i < probedRecords && missing.size > 0 && (await reader.read()); i++) sieve((field) => reader.get(field) !== undefined);
    } catch (error) {
      if (!(error instanceof ExportRefused)) throw error;
      // That a file of any name is no such thing says nothing about it.
      if (isNamed) this.broken ??= error;
      return error.detail;
    } finally {
      await cancel?.();
    }
    return missing.size === 0 ? undefined : `in a form that is not known: ${[...missing].map((at) => source.fields[at]).join(", ")} missing`;
  }
}

function byNumbers(one: readonly number[], other: readonly number[]): number {
  for (let i = 0; i < Math.min(one.length, other.length); i++) if (one[i] !== other[i]) return one[i]! - other[i]!;
  return one.length - other.length;
}
