/** The browser's own disk is full, or gives this site no more of it. */
export class DiskFull extends Error {
  readonly code = "browser.disk_full";
  readonly hint: string;

  constructor(needed?: number, free?: number) {
    super(`The encrypted file needs ${needed === undefined ? "room" : `about ${megabytes(needed)}`} on this computer while it is uploaded, and `
      + (free === undefined ? "the browser has none left for this site." : `the browser has ${megabytes(free)} for this site.`));
    this.name = "DiskFull";
    this.hint = "Free some disk space, or use another browser profile (private windows have little room).";
  }
}

/** The error itself, or, where the browser's quota is behind it, that in words. */
export const inWords = (error: unknown): unknown => ((error as Error | undefined)?.name === "QuotaExceededError" ? new DiskFull() : error);

const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1e6)).toLocaleString()} MB`;

// Of the standard's worker scope (File System, §2.7); TypeScript has it in a library that contradicts the one for pages.
interface SyncAccessHandle {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

interface WorkerFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncAccessHandle>;
}

/** A folder of the browser's private file system: written by a worker, read by pages too. */
class Folder {
  constructor(readonly name: string) {}

  newName(): string {
    return `${crypto.randomUUID()}.age`;
  }

  /** Opens a new file to be appended to; only in a worker. */
  async create(name: string, expectedBytes: number): Promise<Appender> {
    const { quota, usage } = await navigator.storage.estimate();
    const free = quota === undefined ? undefined : quota - (usage ?? 0);
    if (free !== undefined && free < expectedBytes) throw new DiskFull(expectedBytes, free);
    const handle = (await (await this.#open()).getFileHandle(name, { create: true })) as WorkerFileHandle;
    return new Appender(await handle.createSyncAccessHandle(), expectedBytes);
  }

  /** The file; undefined when the browser cleared it away. */
  async find(name: string): Promise<File | undefined> {
    try {
      return await (await (await this.#open()).getFileHandle(name)).getFile();
    } catch {
      return undefined;
    }
  }

  async remove(name: string): Promise<void> {
    await (await this.#open()).removeEntry(name).catch(() => undefined);
  }

  /** Removes what a closed tab left behind. */
  async keepOnly(names: ReadonlySet<string>): Promise<void> {
    for await (const name of (await this.#open()).keys()) if (!names.has(name)) await this.remove(name);
  }

  async #open(): Promise<FileSystemDirectoryHandle> {
    return (await navigator.storage.getDirectory()).getDirectoryHandle(this.name, { create: true });
  }
}

/** Ciphertext on its way to the node. */
export const ciphertexts = new Folder("contribute");

/** What a member decrypted to save it; gone when the page is left. */
export const plaintexts = new Folder("opened");

/** Appends to one file. */
export class Appender {
  readonly #file: SyncAccessHandle;
  readonly #expected: number;
  #size = 0;

  constructor(file: SyncAccessHandle, expected: number) {
    this.#file = file;
    this.#expected = expected;
    file.truncate(0);
  }

  get size(): number {
    return this.#size;
  }

  write(chunk: Uint8Array): void {
    try {
      for (let written = 0; written < chunk.length;) {
        const count = this.#file.write(chunk.subarray(written), { at: this.#size });
        if (count === 0) throw new DiskFull(this.#expected);
        written += count;
        this.#size += count;
      }
    } catch (error) {
      throw inWords(error) === error ? error : new DiskFull(this.#expected);
    }
  }

  /** What was written is on the disk when this returns. */
  close(): void {
    this.#file.flush();
    this.#file.close();
  }
}
