import { bytesToHex } from "@noble/hashes/utils.js";
import { ByteBuilder, decode, encoder, grouped, ordinal } from "../bytes.ts";
import { CsvReader } from "../csv/reader.ts";
import type { EntryReader, ExportEntry } from "../entry.ts";
import { PlaceCounter } from "../places.ts";
import type { DroppedItem, ExportAccount, ExportReading, FileReading } from "../reading.ts";
import { ExportRefused, show } from "../refusal.ts";
import type { ExportSource } from "../source.ts";
import { RowCounter, leastSure, monthOf, notesOn } from "../summary.ts";
import type { Sink, ZipWriter } from "../zip/writer.ts";
import { Checkfile, HeadersComparison, LifeSpan } from "./checks.ts";
import { parseDateBytes } from "./date.ts";
import * as reddit from "./definition.ts";
import type { RedditFileKind } from "./definition.ts";
import { readHeader } from "./header.ts";
import type { RedditHeader } from "./header.ts";
import { RowCopier } from "./row-copier.ts";
import { StatisticsFile } from "./statistics.ts";

const maxCommunityBytes = 64;
const hint = "Pass the export as Reddit sent it: export_<name>_<date>.zip from reddit.com/settings/data-request.";

interface RedditFile {
  readonly entry: ExportEntry;
  readonly kind: RedditFileKind;
}

interface ReadFile extends RedditFile {
  readonly isAltered: boolean;
  readonly sha256: string;
  readonly reading: FileReading;
}

/** Reads an export of Reddit once: checks, counts and, with a writer, the cleaned archive; what RedditPass.cs does. */
export async function readReddit(source: ExportSource, writer?: ZipWriter): Promise<ExportReading> {
  // Reddit's own archives keep the rules that cleaned ones keep.
  const strict = source.rules === "strict" ? source : await source.strict();
  strict.expect(strict.entries.reduce((sum, entry) => sum + entry.size, 0));
  return new RedditPass(strict, writer).run(identify(strict.entries));
}

/** Whether the entries are those of an export of Reddit, by a sentence; undefined when they are not. */
export function recogniseReddit(source: ExportSource): { confidence: "provisional" | "confirmed"; evidence: string } | undefined {
  const authored = source.find("comments.csv") ?? source.find("posts.csv");
  if (!source.isArchive || source.find("statistics.csv") === undefined || authored === undefined) return undefined;
  return source.find("checkfile.csv") === undefined
    ? { confidence: "provisional", evidence: `statistics.csv and ${authored.name} are there, checkfile.csv is not.` }
    : { confidence: "confirmed", evidence: `statistics.csv, ${authored.name} and checkfile.csv are there.` };
}

function identify(entries: readonly ExportEntry[]): RedditFile[] {
  const found: RedditFile[] = [];
  let unknown: ExportEntry | undefined;
  for (const entry of entries) {
    const kind = reddit.kindOf(entry.name);
    if (kind !== undefined) found.push({ entry, kind });
    else unknown ??= entry;
  }

  const has = (...names: string[]): boolean => found.some((file) => names.includes(file.kind.name));
  if (!has("statistics") || !has("posts", "comments"))
    throw new ExportRefused("export.not_reddit", "The archive has no statistics.csv with posts.csv or comments.csv beside it.", hint);
  if (unknown !== undefined)
    throw new ExportRefused(
      "export.unknown_file", `The entry '${unknown.name}' is not one of the ${reddit.kinds.length} files of a Reddit export.`, hint);
  if (!has("checkfile")) throw new ExportRefused("export.checkfile", "The archive has no checkfile.csv.", hint);
  return found.sort((a, b) =>
    a.kind.order - b.kind.order || a.entry.name.length - b.entry.name.length || ordinal(a.entry.name, b.entry.name));
}

class RedditPass {
  readonly #source: ExportSource;
  readonly #writer: ZipWriter | undefined;
  readonly #checkfile: Checkfile;
  readonly #statistics = new StatisticsFile();
  readonly #places: PlaceCounter;
  readonly #comparisons = reddit.kinds.filter((kind) => kind.headersOf !== undefined).map((kind) => new HeadersComparison(kind));
  readonly #rowsBy = new RowCounter();
  readonly #read: ReadFile[] = [];
  readonly #dropped: DroppedItem[] = [];
  #account: (ExportAccount & { readonly registeredAt: number; readonly exportedAt: number }) | undefined;
  #life: LifeSpan | undefined;
  #rows = 0;

  constructor(source: ExportSource, writer: ZipWriter | undefined) {
    this.#source = source;
    this.#writer = writer;
    this.#checkfile = new Checkfile(source.limits.entries);
    this.#places = new PlaceCounter(source.limits.places, maxCommunityBytes);
  }

  async run(files: readonly RedditFile[]): Promise<ExportReading> {
    for (const file of files) {
      if (this.#account === undefined && file.kind.order > reddit.statistics.order) this.#beginAccount();
      await this.#readOne(file);
    }
    if (this.#account === undefined) this.#beginAccount();
    return this.#conclude();
  }

  #beginAccount(): void {
    const account = this.#statistics.account();
    this.#account = account;
    this.#life = new LifeSpan(account.registeredAt, account.exportedAt, this.#source.limits.dateSkewSeconds * 1000);
  }

  async #readOne(file: RedditFile): Promise<void> {
    const content = this.#source.read(file.entry, true);
    // The checkfile is written last, when it is known which files stayed as they were.
    if (this.#writer === undefined || file.kind.secret !== undefined || file.kind === reddit.checkfile)
      await this.#readRows(file, content, undefined);
    else await this.#writer.add(file.entry.name, (output) => this.#readRows(file, content, output));
  }

  async #readRows(file: RedditFile, content: EntryReader, output: Sink | undefined): Promise<void> {
    // Held back until the header tells whether the file can be passed on as it is.
    const start = new ByteBuilder();
    if (output !== undefined) content.tee = async (chunk): Promise<void> => start.append(chunk);
    const reader = new CsvReader(content, this.#source.limits);
    await reader.start();
    const header = await readHeader(reader, file.entry.name, file.kind);
    const isAltered = file.kind === reddit.statistics || header.dropped.length > 0;
    const copier = output !== undefined && isAltered ? new RowCopier(output, header.kept) : undefined;
    content.tee = undefined;
    if (output !== undefined && copier === undefined) {
      await output.write(start.take());
      content.tee = (chunk): Promise<void> => output.write(chunk.slice());
    }

    copier?.write(reader);
    const count = await this.#takeRows(file, header, reader, copier);
    await copier?.flush();
    this.#read.push({
      ...file, isAltered, sha256: bytesToHex(await content.finishHash()),
      reading: { name: file.entry.name, kind: file.kind.name, bytes: file.entry.size, rows: count, confidence: header.confidence },
    });
    if (file.kind.secret !== undefined)
      this.#dropped.push({ file: file.entry.name, column: null, rows: count, reason: file.kind.secret });
    else for (const { column, reason } of header.dropped) this.#dropped.push({ file: file.entry.name, column, rows: count, reason });
  }

  async #takeRows(file: RedditFile, header: RedditHeader, reader: CsvReader, copier: RowCopier | undefined): Promise<number> {
    const position = (column: string): number => header.columns.indexOf(column);
    const date = file.kind.isDated ? position("date") : -1;
    const subreddit = position("subreddit");
    const link = position("permalink") >= 0 ? position("permalink") : position("content_link");
    const concerned = this.#comparisons.filter((comparison) => comparison.concerns(file.kind));
    for (const comparison of concerned) comparison.begin(file.kind, header);
    // Without the other file there is nothing to compare.
    const comparisons = concerned.filter((comparison) => this.#isThere(comparison.full) && this.#isThere(comparison.headers));
    // The *_headers files say the same rows again.
    const counts = file.kind.headersOf === undefined;
    const months = counts ? this.#rowsBy.months(file.kind.name) : undefined;
    let count = 0;
    while (reader.readHeld() || (await reader.read())) {
      count++;
      if (++this.#rows > this.#source.limits.rows)
        throw new ExportRefused(
          "export.too_many_rows", `The export has more than ${grouped(this.#source.limits.rows)} rows.`, "Ask the operator whether larger exports can be taken.");
      if (reader.fieldCount !== header.columns.length)
        throw new ExportRefused(
          reader.fieldCount > header.columns.length ? "export.row_too_wide" : "export.row_too_narrow",
          `${file.entry.name}, row ${grouped(reader.rowNumber)} has ${reader.fieldCount} columns; its header has ${header.columns.length}.`,
          "Pass the export as Reddit sent it.");
      for (const comparison of comparisons) comparison.take(file.kind, reader);
      if (date >= 0) this.#takeDate(file, reader, date, months);
      const place = subreddit >= 0 ? reader.value(subreddit) : link >= 0 ? communityOf(reader.value(link)) : undefined;
      if (place !== undefined) this.#places.add(place, counts);

      let isKept = true;
      if (file.kind === reddit.checkfile) this.#checkfile.take(reader, position("filename"), position("sha256"));
      else if (file.kind === reddit.statistics) isKept = this.#statistics.take(reader, position("statistic"), position("value"));
      if (isKept) copier?.write(reader);
      if (copier?.isFull === true) await copier.flush();
    }
    // The checkfile is no data.
    if (file.kind !== reddit.checkfile) this.#rowsBy.add(file.kind.name, count);
    return count;
  }

  #isThere(kind: RedditFileKind): boolean {
    return this.#source.entries.some((entry) => reddit.kindOf(entry.name) === kind);
  }

  #takeDate(file: RedditFile, reader: CsvReader, column: number, months: Map<number, number> | undefined): void {
    const at = parseDateBytes(reader.value(column));
    if (at === undefined)
      throw new ExportRefused(
        "export.date", `${file.entry.name}, row ${grouped(reader.rowNumber)} has no date: ${show(reader.value(column))}.`, "Pass the export as Reddit sent it.");
    this.#life!.take(file.entry.name, reader.rowNumber, at);
    if (months === undefined) return;
    const month = monthOf(at);
    months.set(month, (months.get(month) ?? 0) + 1);
  }

  async #conclude(): Promise<ExportReading> {
    const dropped = [...this.#statistics.dropped, ...this.#dropped];
    const isOriginal = dropped.length > 0;
    const listed = this.#read.filter((file) => file.kind !== reddit.checkfile);
    const checks = [
      this.#checkfile.conclude(listed.map((file) => ({ name: file.entry.name, sha256: file.sha256 })), isOriginal),
      ...this.#comparisons.map((comparison) => comparison.conclude()),
      this.#life!.conclude(),
    ];
    const unchanged = listed.filter((file) => !file.isAltered && file.kind.secret === undefined).map((file) => file.entry.name);
    await this.#writer?.add("checkfile.csv", (output) => output.write(encoder.encode(this.#checkfile.writeFor(unchanged))));
    if (isOriginal && this.#checkfile.count > unchanged.length)
      dropped.push({
        file: "checkfile.csv", column: null, rows: this.#checkfile.count - unchanged.length,
        reason: "digests of files that were left out or altered: short secrets can be guessed from them",
      });
    const files = this.#read.map(({ reading }) => reading);
    return {
      schema: reddit.schema, title: reddit.title, account: this.#account!, files, dropped, checks,
      confidence: leastSure(listed.filter((file) => file.kind.secret === undefined).map(({ reading }) => reading)),
      notes: notesOn(files),
      summary: this.#rowsBy.summary(files.reduce((sum, file) => sum + file.bytes, 0), this.#places, reddit.placeWord),
    };
  }
}

/** The community in a link, `/r/name/…`; undefined when it names none. */
function communityOf(link: Uint8Array): Uint8Array | undefined {
  const community = /\/r\/([^/]*)/.exec(decode(link))?.[1];
  return community === undefined ? undefined : encoder.encode(community);
}
