import { grouped } from "../bytes.ts";
import { tooLong } from "../json/lexer.ts";
import type { ExportLimits } from "../limits.ts";
import { tooLarge } from "../zip/format.ts";
import { NumberReader } from "./number.ts";
import type { Whole } from "./number.ts";
import { headerBytes } from "./pages.ts";
import type { SqlitePages } from "./pages.ts";
import { damaged } from "./refusal.ts";
import type { SqliteRow } from "./row.ts";

const interior = 5;
const leaf = 13;
const mostLevels = 24;

/** A page of a table's b-tree. */
interface TreePage {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly isLeaf: boolean;
  /** Where the pointers to cells begin. */
  readonly pointers: number;
  readonly cells: number;
}

/**
 * One table's b-tree (file format §1.6): a walk over all rows in the order of their rowids, and the way to a single one.
 *
 * Every offset is held to its page and every page number to the file. A walk sees a page once, so cycles and chains that are shared
 * end in a refusal; rowids must grow, so a cell is seen once. A look-up goes down a bounded number of levels.
 */
export class SqliteTree {
  readonly #pages: SqlitePages;
  readonly #root: number;
  readonly #limits: ExportLimits;
  readonly #number = new NumberReader();
  readonly #levels: { readonly page: number; at: number }[] = [];
  #seen: Uint32Array | undefined;
  #last: Whole | undefined;
  #followed = 0;

  constructor(pages: SqlitePages, root: number, limits: ExportLimits) {
    this.#pages = pages;
    this.#root = root;
    this.#limits = limits;
  }

  /** Reads the next row of the walk; false after the last. */
  async next(row: SqliteRow): Promise<boolean> {
    if (this.#seen === undefined) {
      this.#seen = new Uint32Array(Math.floor(this.#pages.header.pages / 32) + 1);
      await this.#enter(this.#root);
    }
    for (let level = this.#levels.at(-1); level !== undefined; level = this.#levels.at(-1)) {
      const page = this.#parse(level.page, await this.#pages.read(level.page));
      if (page.isLeaf) {
        if (level.at < page.cells) {
          await this.#readRow(page, level.at++, row, true);
          if (this.#last !== undefined && row.rowId <= this.#last) throw this.#damaged("has rows out of order");
          this.#last = row.rowId;
          return true;
        }
      } else if (level.at <= page.cells) {
        await this.#enter(this.#child(page, level.at++));
        continue;
      }
      this.#levels.pop();
    }
    return false;
  }

  /** Reads the row of this rowid; false when the table has none. */
  async find(rowId: Whole, row: SqliteRow): Promise<boolean> {
    let number = this.#root;
    for (let depth = 0; depth < mostLevels; depth++) {
      const page = this.#parse(number, this.#pages.held(number) ?? (await this.#pages.read(number)));
      let low = 0;
      for (let high = page.cells; low < high;) {
        const middle = (low + high) >> 1;
        if (this.#rowId(page, middle) < rowId) low = middle + 1;
        else high = middle;
      }
      if (!page.isLeaf) {
        number = this.#child(page, low);
        continue;
      }
      if (low === page.cells || this.#rowId(page, low) !== rowId) return false;
      await this.#readRow(page, low, row, false);
      return true;
    }
    throw this.#damaged("has a table with more levels than a file can hold");
  }

  async #enter(number: number): Promise<void> {
    if (this.#levels.length === mostLevels) throw this.#damaged("has a table with more levels than a file can hold");
    this.#see(number);
    this.#parse(number, await this.#pages.read(number));
    this.#levels.push({ page: number, at: 0 });
  }

  #see(number: number): void {
    if (number > this.#pages.header.pages) throw this.#damaged(`points at page ${grouped(number)} of ${grouped(this.#pages.header.pages)}`);
    const [word, bit] = [number >>> 5, 1 << (number & 31)];
    if ((this.#seen![word]! & bit) !== 0) throw this.#damaged(`comes to page ${grouped(number)} twice`);
    this.#seen![word]! |= bit;
  }

  #parse(number: number, bytes: Uint8Array): TreePage {
    const header = number === 1 ? headerBytes : 0;
    const kind = bytes[header];
    if (kind !== interior && kind !== leaf) throw this.#damaged(`has something else than a table on page ${grouped(number)}`);
    const pointers = header + (kind === interior ? 12 : 8);
    const cells = u16(bytes, header + 3);
    if (pointers + 2 * cells > bytes.length) throw this.#damaged(`has more cells than fit on page ${grouped(number)}`);
    return { number, bytes, isLeaf: kind === leaf, pointers, cells };
  }

  // Where a cell begins.
  #cell(page: TreePage, index: number): number {
    const at = u16(page.bytes, page.pointers + 2 * index);
    if (at < page.pointers + 2 * page.cells || at > page.bytes.length - 4) throw this.#damaged(`has a cell outside of page ${grouped(page.number)}`);
    return at;
  }

  // The child left of a cell, or the last one.
  #child(page: TreePage, index: number): number {
    return u32(page.bytes, index < page.cells ? this.#cell(page, index) : page.pointers - 4);
  }

  #rowId(page: TreePage, index: number): Whole {
    const cell = this.#cell(page, index);
    const skipped = page.isLeaf ? this.#number.varint(page.bytes, cell) : 4;
    if (skipped === 0 || this.#number.varint(page.bytes, cell + skipped) === 0)
      throw this.#damaged(`has a cell without a beginning on page ${grouped(page.number)}`);
    return this.#number.value;
  }

  async #readRow(page: TreePage, index: number, row: SqliteRow, isWalk: boolean): Promise<void> {
    let at = this.#cell(page, index);
    const header = this.#number.varint(page.bytes, at);
    const size = this.#number.value;
    const rowIdBytes = this.#number.varint(page.bytes, at + header);
    const rowId = this.#number.value;
    if (header === 0 || rowIdBytes === 0 || size < 0) throw this.#damaged(`has a cell without a beginning on page ${grouped(page.number)}`);
    if (size > this.#limits.rowBytes) throw tooLong(this.#pages.name, this.#limits.rowBytes);

    // A walk is bounded by the file; a long row that very many others point at is not.
    const bytes = Number(size);
    this.#followed += isWalk ? 0 : bytes;
    if (this.#followed > this.#limits.fileBytes) throw tooLarge(`${this.#pages.name} has more than ${grouped(this.#limits.fileBytes)} bytes.`);
    at += header + rowIdBytes;
    const local = this.#localBytes(bytes);
    if (page.bytes.length - at < local + (local < bytes ? 4 : 0)) throw this.#damaged(`has a cell that leaves page ${grouped(page.number)}`);
    const target = row.start(rowId, bytes);
    target.set(page.bytes.subarray(at, at + local));
    if (local < bytes) await this.#readOverflow(u32(page.bytes, at + local), target.subarray(local), isWalk);
    row.parse(this.#pages.name);
  }

  // §1.6: how much of a payload stays in its cell.
  #localBytes(size: number): number {
    const { usable } = this.#pages.header;
    const most = usable - 35;
    if (size <= most) return size;
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const fitting = least + ((size - least) % (usable - 4));
    return fitting <= most ? fitting : least;
  }

  // The length is known beforehand, so a chain that bites its tail ends; in a walk it is found.
  async #readOverflow(first: number, target: Uint8Array, isWalk: boolean): Promise<void> {
    let number = first;
    for (let at = 0; at < target.length;) {
      if (isWalk) this.#see(number);
      const page = await this.#pages.read(number);
      const part = Math.min(target.length - at, page.length - 4);
      target.set(page.subarray(4, 4 + part), at);
      at += part;
      number = u32(page, 0);
    }
    if (number !== 0) throw this.#damaged("has a row that goes on behind its end");
  }

  #damaged(what: string): Error {
    return damaged(this.#pages.name, what);
  }
}

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

const u32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
