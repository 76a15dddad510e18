import { grouped, readAt, startsWith } from "./bytes.ts";
import type { RandomAccess } from "./bytes.ts";
import { EntryReader } from "./entry.ts";
import type { ExportEntry, ReadingWatch } from "./entry.ts";
import { ownMachineLimits } from "./limits.ts";
import type { ExportLimits } from "./limits.ts";
import { ExportRefused, show } from "./refusal.ts";
import { readDirectory, refuseBomb } from "./zip/directory.ts";
import { tooLarge } from "./zip/format.ts";
import type { ZipRules } from "./zip/format.ts";

/** How far a reading has come: bytes of files as inflated. A file that is read for each of several tables counts each time. */
export type Progress = (read: number, total: number) => void;

export interface ReadingOptions {
  readonly limits?: ExportLimits | undefined;
  readonly progress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The most that is copied of a database inside an archive, as SourceFile.cs. */
const mostCopied = 512 << 20;

// Often enough for a bar that moves, seldom enough to cost nothing.
const reportEvery = 1 << 20;

/** An export as a set of named byte streams: a hardened ZIP archive, or a single file. Opening inflates nothing. */
export class ExportSource {
  readonly #byName = new Map<string, ExportEntry>();
  readonly #progress: Progress | undefined;
  readonly #watch: ReadingWatch;
  readonly limits: ExportLimits;
  readonly signal: AbortSignal | undefined;
  #opened = 0;
  #read = 0;
  #reported = 0;
  #total = 0;
  #copied: { readonly entry: ExportEntry; readonly copy: Blob } | undefined;

  private constructor(
    readonly file: RandomAccess, readonly entries: readonly ExportEntry[], readonly isArchive: boolean,
    readonly rules: ZipRules, options: ReadingOptions) {
    this.limits = options.limits ?? ownMachineLimits;
    this.signal = options.signal;
    this.#progress = options.progress;
    this.#watch = { signal: options.signal, take: (bytes) => this.advance(bytes) };
    for (const entry of entries) this.#byName.set(entry.name, entry);
  }

  /** Opens what a member has: a provider's archive, with folders and media in it, or a single file. */
  static async open(file: RandomAccess, fileName: string, options: ReadingOptions = {}): Promise<ExportSource> {
    const head = await readAt(file, 0, Math.min(4, file.size));
    if (startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6])) return ExportSource.#archive(file, "provider", options);
    return new ExportSource(file, [{ name: fileName, size: file.size }], false, "provider", options);
  }

  /** Opens a cleaned export, or Reddit's own: an archive by the strictest rules. */
  static openArchive(file: RandomAccess, options: ReadingOptions = {}): Promise<ExportSource> {
    return ExportSource.#archive(file, "strict", options);
  }

  static async #archive(file: RandomAccess, rules: ZipRules, options: ReadingOptions): Promise<ExportSource> {
    const entries = await readDirectory(file, options.limits ?? ownMachineLimits, rules);
    return new ExportSource(file, entries.map((zipped) => ({ name: zipped.name, size: zipped.size, zipped })), true, rules, options);
  }

  /** The same archive by the rules of cleaned ones. */
  strict(): Promise<ExportSource> {
    return ExportSource.#archive(this.file, "strict", { limits: this.limits, progress: this.#progress, signal: this.signal });
  }

  /** Says how many bytes a reading will take, once it is known. */
  expect(total: number): void {
    this.#total = total;
    this.#progress?.(this.#read, total);
  }

  /** Notes bytes that were read; tells the progress now and then. */
  advance(bytes: number): void {
    this.#read += bytes;
    if (this.#progress === undefined || (this.#read - this.#reported < reportEvery && this.#read < this.#total)) return;
    this.#reported = this.#read;
    this.#progress(Math.min(this.#read, this.#total), this.#total);
  }

  find(name: string): ExportEntry | undefined {
    return this.#byName.get(name);
  }

  /** Opens an entry to be read once, from its start. */
  read(entry: ExportEntry, hashes = false): EntryReader {
    this.#admit(entry);
    return new EntryReader(this.file, entry, hashes, this.#watch);
  }

  /** A single file itself, to be read at many places. */
  whole(entry: ExportEntry, probes: boolean): RandomAccess {
    if (!probes) this.#admit(entry);
    return this.file;
  }

  /** An entry of an archive, inflated, to be read at many places. The browser keeps the copy: in memory, or on its own disk where that
   *  is short. It is made once, however often it is asked for. */
  async copy(entry: ExportEntry, probes: boolean): Promise<Blob> {
    if (!probes) this.#admit(entry);
    if (entry.size > mostCopied)
      throw new ExportRefused(
        "export.too_large", `${show(entry.name)} is a database of more than ${grouped(mostCopied)} bytes inside an archive.`, "Unpack it and pass the database itself.");
    if (!probes) this.advance(entry.size);
    if (this.#copied?.entry === entry) return this.#copied.copy;
    const reader = new EntryReader(this.file, entry, false, { signal: this.signal, take: () => undefined });
    const parts: Blob[] = [];
    for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) parts.push(new Blob([chunk as Uint8Array<ArrayBuffer>]));
    const copy = new Blob(parts);
    this.#copied = { entry, copy };
    return copy;
  }

  /** Opens an entry for a look at its first records, which counts towards no limit. */
  probe(entry: ExportEntry): EntryReader {
    return new EntryReader(this.file, entry);
  }

  /** The first bytes of an entry, unchecked: enough to tell a form by. */
  async peek(entry: ExportEntry, bytes: number): Promise<Uint8Array> {
    const reader = new EntryReader(this.file, entry);
    const head = new Uint8Array(Math.min(bytes, entry.size));
    let length = 0;
    while (length < head.length) {
      const chunk = await reader.next();
      if (chunk === undefined) break;
      const taken = chunk.subarray(0, head.length - length);
      head.set(taken, length);
      length += taken.length;
    }
    await reader.cancel();
    return head.subarray(0, length);
  }

  #admit(entry: ExportEntry): void {
    if (entry.zipped !== undefined) refuseBomb(entry.zipped, this.limits);
    else if (entry.size > this.limits.fileBytes)
      throw tooLarge(`${show(entry.name)} has ${grouped(entry.size)} bytes; the limit is ${grouped(this.limits.fileBytes)}.`);
    this.#opened += entry.size;
    if (this.#opened > this.limits.totalBytes) throw tooLarge(`The files have more than ${grouped(this.limits.totalBytes)} bytes together.`);
  }
}
