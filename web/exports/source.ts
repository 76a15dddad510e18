import { readAt, startsWith } from "./bytes.ts";
import type { RandomAccess } from "./bytes.ts";
import { EntryReader } from "./entry.ts";
import type { ExportEntry } from "./entry.ts";
import { defaultLimits } from "./limits.ts";
import type { ExportLimits } from "./limits.ts";
import { readDirectory, refuseBomb } from "./zip/directory.ts";
import { tooLarge } from "./zip/format.ts";
import type { ZipRules } from "./zip/format.ts";

/** An export as a set of named byte streams: a hardened ZIP archive, or a single file. Opening inflates nothing. */
export class ExportSource {
  readonly #byName = new Map<string, ExportEntry>();
  #opened = 0;

  private constructor(
    readonly file: RandomAccess, readonly entries: readonly ExportEntry[], readonly isArchive: boolean,
    readonly rules: ZipRules, readonly limits: ExportLimits) {
    for (const entry of entries) this.#byName.set(entry.name, entry);
  }

  /** Opens what a member has: a provider's archive, with folders and media in it, or a single file. */
  static async open(file: RandomAccess, fileName: string, limits: ExportLimits = defaultLimits): Promise<ExportSource> {
    const head = await readAt(file, 0, Math.min(4, file.size));
    if (startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6])) return ExportSource.#archive(file, "provider", limits);
    return new ExportSource(file, [{ name: fileName, size: file.size }], false, "provider", limits);
  }

  /** Opens a cleaned export, or Reddit's own: an archive by the strictest rules. */
  static openArchive(file: RandomAccess, limits: ExportLimits = defaultLimits): Promise<ExportSource> {
    return ExportSource.#archive(file, "strict", limits);
  }

  static async #archive(file: RandomAccess, rules: ZipRules, limits: ExportLimits): Promise<ExportSource> {
    const entries = await readDirectory(file, limits, rules);
    return new ExportSource(file, entries.map((zipped) => ({ name: zipped.name, size: zipped.size, zipped })), true, rules, limits);
  }

  find(name: string): ExportEntry | undefined {
    return this.#byName.get(name);
  }

  /** Opens an entry to be read once, from its start. */
  read(entry: ExportEntry, hashes = false): EntryReader {
    if (entry.zipped !== undefined) refuseBomb(entry.zipped, this.limits);
    else if (entry.size > this.limits.fileBytes) throw tooLarge(`${entry.name} has ${entry.size} bytes; the limit is ${this.limits.fileBytes}.`);
    this.#opened += entry.size;
    if (this.#opened > this.limits.totalBytes) throw tooLarge(`The files have more than ${this.limits.totalBytes} bytes together.`);
    return new EntryReader(this.file, entry, hashes);
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
}
