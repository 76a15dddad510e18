/** Bytes of a file, read in any order; a browser's File is one. */
export interface RandomAccess {
  readonly size: number;
  slice(start: number, end: number): Blob;
}

export const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text of bytes that are UTF-8; throws TypeError when they are not. */
export const decode = (bytes: Uint8Array): string => strict.decode(bytes);

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

export async function readAt(source: RandomAccess, offset: number, length: number): Promise<Uint8Array> {
  return new Uint8Array(await source.slice(offset, offset + length).arrayBuffer());
}

// Enough that asking costs little, little enough to hold.
const pieceBytes = 256 << 10;

/** Bytes of a source as a stream, a piece read when it is asked for. A Blob's own stream runs ahead in some engines, and holds what
 *  it has read. */
export function streamOf(source: RandomAccess, start: number, length: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = start;
  const end = start + length;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const piece = await readAt(source, at, Math.min(pieceBytes, end - at));
      at += piece.length;
      if (piece.length > 0) controller.enqueue(piece as Uint8Array<ArrayBuffer>);
      if (piece.length === 0 || at === end) controller.close();
    },
  }, { highWaterMark: 1 });
}

export const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export const startsWith = (bytes: Uint8Array, head: ArrayLike<number>): boolean => {
  if (bytes.length < head.length) return false;
  for (let i = 0; i < head.length; i++) if (bytes[i] !== head[i]) return false;
  return true;
};

/** By code units, as .NET's ordinal comparison. */
export const ordinal = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A number as a message shows it: 1,234,567. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** Bytes that grow at the end and are taken away as a whole. */
export class ByteBuilder {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  append(bytes: ArrayLike<number> & { length: number }): void {
    if (this.#length + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  appendText(text: string): void {
    this.append(encoder.encode(text));
  }

  clear(): void {
    this.#length = 0;
  }

  /** A copy of what is there; empties the builder. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken as Uint8Array<ArrayBuffer>;
  }
}
