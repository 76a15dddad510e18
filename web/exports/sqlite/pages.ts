import { grouped, readAt, startsWith, view } from "../bytes.ts";
import type { RandomAccess } from "../bytes.ts";
import { ExportRefused } from "../refusal.ts";
import { damaged } from "./refusal.ts";

export const headerBytes = 100;
export const magic = new TextEncoder().encode("SQLite format 3\0");

/** Bytes that are read at once: one request to the browser costs more than the pages around the one that is wanted. */
const blockBytes = 64 << 10;
const mostBlocks = 256;

export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be";

/** The first 100 bytes of a database: SQLite file format §1.3. */
export interface SqliteHeader {
  readonly pageSize: number;
  readonly usable: number;
  readonly pages: number;
  readonly encoding: TextEncoding;
  readonly hasWriteAheadLog: boolean;
}

/** The pages of a database file, a bounded number of them in memory: 16 MiB, the least recently used go first. */
export class SqlitePages {
  readonly #file: RandomAccess;
  readonly #loaded: (bytes: number) => void;
  readonly #blocks = new Map<number, Uint8Array>();

  private constructor(file: RandomAccess, readonly name: string, readonly header: SqliteHeader, loaded: (bytes: number) => void) {
    this.#file = file;
    this.#loaded = loaded;
  }

  /** @param loaded Is told how many bytes were just read. */
  static async open(file: RandomAccess, name: string, loaded: (bytes: number) => void): Promise<SqlitePages> {
    const head = await readAt(file, 0, Math.min(headerBytes, file.size));
    if (head.length < headerBytes) throw damaged(name, "is not an SQLite database");
    return new SqlitePages(file, name, readHeader(head, file.size, name), loaded);
  }

  /** The usable part of a page, numbered from 1. */
  async read(number: number): Promise<Uint8Array> {
    return this.held(number) ?? this.#load(number);
  }

  /** The page where it is in memory. */
  held(number: number): Uint8Array | undefined {
    if (number === 0 || number > this.header.pages) throw damaged(this.name, `points at page ${grouped(number)} of ${grouped(this.header.pages)}`);
    const block = this.#blockOf(number);
    const bytes = this.#blocks.get(block);
    return bytes === undefined ? undefined : this.#page(bytes, number, block);
  }

  async #load(number: number): Promise<Uint8Array> {
    const block = this.#blockOf(number);
    const bytes = await readAt(this.#file, block * blockBytes, blockBytes);
    // A map keeps the order of insertion: the first is the oldest.
    if (this.#blocks.size === mostBlocks) this.#blocks.delete(this.#blocks.keys().next().value!);
    this.#blocks.set(block, bytes);
    this.#loaded(bytes.length);
    return this.#page(bytes, number, block);
  }

  #blockOf(number: number): number {
    return Math.floor(((number - 1) * this.header.pageSize) / blockBytes);
  }

  #page(bytes: Uint8Array, number: number, block: number): Uint8Array {
    const start = (number - 1) * this.header.pageSize - block * blockBytes;
    if (start + this.header.pageSize > bytes.length) throw damaged(this.name, `ends inside page ${grouped(number)}`);
    return bytes.subarray(start, start + this.header.usable);
  }
}

function readHeader(bytes: Uint8Array, fileBytes: number, name: string): SqliteHeader {
  const header = view(bytes);
  if (!startsWith(bytes, magic)) throw damaged(name, "is not an SQLite database");
  const stored = header.getUint16(16);
  const pageSize = stored === 1 ? 65_536 : stored;
  const usable = pageSize - header.getUint8(20);
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < 480) throw damaged(name, "has pages of a size that SQLite does not have");
  const isVersion = (at: number): boolean => header.getUint8(at) === 1 || header.getUint8(at) === 2;
  if (!isVersion(18) || !isVersion(19) || header.getUint8(21) !== 64 || header.getUint8(22) !== 32 || header.getUint8(23) !== 32)
    throw damaged(name, "is of a version that is not known");
  const encoding = (["utf-8", "utf-8", "utf-16le", "utf-16be"] as const)[header.getUint32(56)];
  if (encoding === undefined) throw damaged(name, "has text in an encoding that SQLite does not have");

  // Programs before SQLite 3.7 left the count as it was; then the file's length counts (§1.3.7).
  const counted = header.getUint32(28);
  const isCounted = counted !== 0 && header.getUint32(24) === header.getUint32(92);
  const there = Math.min(Math.floor(fileBytes / pageSize), 0xfffffffe);
  if (isCounted && counted > there)
    throw new ExportRefused(
      "export.truncated", `${name} has ${grouped(fileBytes)} bytes; its header says ${grouped(counted * pageSize)}.`, "Copy the file again and pass the copy.");
  return { pageSize, usable, pages: isCounted ? counted : there, encoding, hasWriteAheadLog: header.getUint8(19) === 2 };
}
