import { encoder, view } from "../bytes.ts";
import { appendCrc32 } from "./crc32.ts";
import * as zip from "./format.ts";

/** Takes the bytes of the cleaned export as they come. */
export interface Sink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

const version = 20;
const dosDate = (1 << 5) | 1; // 1980-01-01, the format's first day

interface Written {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly offset: number;
  /** Not compressed, and its sizes stand in its own header. */
  readonly isStored?: boolean;
}

/**
 * Writes an archive: fixed times, no attributes, no extra fields; strictly forward, sizes follow each file in a data descriptor.
 *
 * Names, order and contents are those that the command line writes. The compressed bytes may differ, since browsers bring their
 * own DEFLATE; nothing depends on them: every digest of a cleaned export is over contents.
 */
export class ZipWriter {
  readonly #sink: Sink;
  readonly #written: Written[] = [];
  #position = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Adds a file; `write` is given the sink for its plain content. */
  async add(name: string, write: (content: Sink) => Promise<void>): Promise<void> {
    const nameBytes = encoder.encode(name);
    const offset = this.#position;
    const header = new Uint8Array(zip.localHeaderSize + nameBytes.length);
    const data = view(header);
    data.setUint32(0, zip.localHeader, true);
    data.setUint16(4, version, true);
    data.setUint16(6, zip.flagDescriptor, true);
    data.setUint16(8, zip.deflated, true);
    data.setUint16(12, dosDate, true);
    data.setUint16(26, nameBytes.length, true);
    header.set(nameBytes, zip.localHeaderSize);
    await this.#put(header);

    const deflate = new CompressionStream("deflate-raw");
    const writer = deflate.writable.getWriter();
    let [crc, size, compressed] = [0, 0, 0];
    const draining = (async (): Promise<void> => {
      for await (const chunk of deflate.readable as ReadableStream<Uint8Array<ArrayBuffer>>) {
        compressed += chunk.length;
        await this.#put(chunk);
      }
    })();
    // Whoever fails first ends the other; its error is the one that counts.
    draining.catch(() => undefined);
    // One piece is compressed while the next is made.
    let compressing: Promise<void> = Promise.resolve();
    try {
      await write({
        write: async (bytes) => {
          crc = appendCrc32(crc, bytes);
          size += bytes.length;
          await compressing;
          compressing = writer.write(bytes);
          compressing.catch(() => undefined);
        },
      });
      await compressing;
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => undefined);
      throw error;
    }
    await draining;

    if (size >= zip.none || this.#position >= zip.none) throw zip.tooLarge("The cleaned export would need zip64 records.");
    const entry = { name: nameBytes, crc, compressed, size, offset };
    const tail = new Uint8Array(16);
    view(tail).setUint32(0, zip.descriptor, true);
    setSizes(view(tail), 4, entry);
    await this.#put(tail);
    this.#written.push(entry);
  }

  /** Adds a file as it is: for what is compressed already. */
  async addStored(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const nameBytes = encoder.encode(name);
    const entry = { name: nameBytes, crc: appendCrc32(0, bytes), compressed: bytes.length, size: bytes.length, offset: this.#position, isStored: true };
    if (this.#position + bytes.length >= zip.none) throw zip.tooLarge("The archive would need zip64 records.");
    const header = new Uint8Array(zip.localHeaderSize + nameBytes.length);
    const data = view(header);
    data.setUint32(0, zip.localHeader, true);
    data.setUint16(4, version, true);
    data.setUint16(12, dosDate, true);
    setSizes(data, 14, entry);
    data.setUint16(26, nameBytes.length, true);
    header.set(nameBytes, zip.localHeaderSize);
    await this.#put(header);
    await this.#put(bytes);
    this.#written.push(entry);
  }

  /** Writes the central directory and gives the archive's size in bytes. */
  async finish(): Promise<number> {
    const start = this.#position;
    for (const entry of this.#written) {
      const record = new Uint8Array(zip.centralHeaderSize + entry.name.length);
      const data = view(record);
      data.setUint32(0, zip.centralHeader, true);
      data.setUint16(4, version, true);
      data.setUint16(6, version, true);
      data.setUint16(8, entry.isStored === true ? 0 : zip.flagDescriptor, true);
      data.setUint16(10, entry.isStored === true ? 0 : zip.deflated, true);
      data.setUint16(14, dosDate, true);
      setSizes(data, 16, entry);
      data.setUint16(28, entry.name.length, true);
      data.setUint32(42, entry.offset, true);
      record.set(entry.name, zip.centralHeaderSize);
      await this.#put(record);
    }
    const end = new Uint8Array(zip.endOfDirectorySize);
    const data = view(end);
    data.setUint32(0, zip.endOfDirectory, true);
    data.setUint16(8, this.#written.length, true);
    data.setUint16(10, this.#written.length, true);
    data.setUint32(12, this.#position - start, true);
    data.setUint32(16, start, true);
    await this.#put(end);
    return this.#position;
  }

  async #put(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#position += bytes.length;
    await this.#sink.write(bytes);
  }
}

function setSizes(data: DataView, at: number, entry: Written): void {
  data.setUint32(at, entry.crc, true);
  data.setUint32(at + 4, entry.compressed, true);
  data.setUint32(at + 8, entry.size, true);
}
