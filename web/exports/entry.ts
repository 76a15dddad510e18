import { sha256 } from "@noble/hashes/sha2.js";
import { grouped, streamOf } from "./bytes.ts";
import type { RandomAccess } from "./bytes.ts";
import { ExportRefused } from "./refusal.ts";
import { appendCrc32 } from "./zip/crc32.ts";
import { corrupt, downloadAgain } from "./zip/format.ts";
import type { ZipEntry } from "./zip/format.ts";

/** One file inside an export, or the one file that it is. */
export interface ExportEntry {
  readonly name: string;
  readonly size: number;
  readonly zipped?: ZipEntry;
}

/** Is told of every piece that is read, and may end the reading. */
export interface ReadingWatch {
  readonly signal: AbortSignal | undefined;
  /** Bytes that were inflated just now. */
  take(bytes: number): void;
}

/** Reads one entry once, inflating it, and holds it to what the directory declared: never a byte more, none fewer, the same
 *  CRC-32. What is hashed is what is read. */
export class EntryReader {
  readonly entry: ExportEntry;
  readonly #chunks: ReadableStreamDefaultReader<Uint8Array>;
  readonly #hash: ReturnType<typeof sha256.create> | undefined;
  readonly #watch: ReadingWatch | undefined;
  #crc = 0;
  #read = 0;
  #ended = false;

  /** Is given every chunk that is read, in order, before the caller has it. */
  tee: ((chunk: Uint8Array) => Promise<void>) | undefined;

  constructor(source: RandomAccess, entry: ExportEntry, hashes = false, watch?: ReadingWatch) {
    this.entry = entry;
    this.#watch = watch;
    this.#hash = hashes ? sha256.create() : undefined;
    const start = entry.zipped?.dataOffset ?? 0;
    const length = entry.zipped?.compressedSize ?? entry.size;
    const bytes = streamOf(source, start, length);
    // Some writers deflate nothing to nothing, which is no DEFLATE stream.
    const inflated = entry.zipped?.isDeflated === true && length > 0 ? bytes.pipeThrough(new DecompressionStream("deflate-raw")) : bytes;
    this.#chunks = inflated.getReader();
  }

  get name(): string {
    return this.entry.name;
  }

  /** The next bytes; undefined at the end of a file that is what the archive says. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.#ended) return undefined;
    if (this.#watch?.signal?.aborted === true) {
      await this.cancel();
      throw this.#watch.signal.reason;
    }
    const chunk = await this.#inflate();
    if (chunk === undefined) {
      this.#ended = true;
      if (this.#read !== this.entry.size)
        throw corrupt(`${this.name} has ${grouped(this.#read)} bytes instead of the ${grouped(this.entry.size)} it declares.`);
      if (this.entry.zipped !== undefined && this.#crc !== this.entry.zipped.crc32)
        throw corrupt(`${this.name} has the checksum ${hex32(this.#crc)}; the archive says ${hex32(this.entry.zipped.crc32)}.`);
      return undefined;
    }

    this.#read += chunk.length;
    if (this.#read > this.entry.size) {
      await this.cancel();
      throw new ExportRefused(
        "export.zip_bomb", `${this.name} inflates to more than the ${grouped(this.entry.size)} bytes it declares.`, downloadAgain);
    }
    if (this.entry.zipped !== undefined) this.#crc = appendCrc32(this.#crc, chunk);
    this.#hash?.update(chunk);
    this.#watch?.take(chunk.length);
    await this.tee?.(chunk);
    return chunk;
  }

  /** Reads what is left, so that size and checksum are held to. */
  async finish(): Promise<void> {
    while ((await this.next()) !== undefined);
  }

  /** The SHA-256 of the whole, where the reader was made to hash it; call once. */
  async finishHash(): Promise<Uint8Array> {
    await this.finish();
    return this.#hash!.digest();
  }

  async cancel(): Promise<void> {
    this.#ended = true;
    await this.#chunks.cancel().catch(() => undefined);
  }

  async #inflate(): Promise<Uint8Array | undefined> {
    try {
      for (;;) {
        const { value, done } = await this.#chunks.read();
        if (done) return undefined;
        if (value.length > 0) return value;
      }
    } catch {
      throw corrupt(`${this.name} cannot be inflated.`);
    }
  }
}

const hex32 = (value: number): string => value.toString(16).padStart(8, "0");
