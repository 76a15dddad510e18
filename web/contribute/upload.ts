import type { Hex } from "viem";
import { Problem, problemOf } from "../shared/node.ts";

export interface UploadOptions {
  /** The node's address, where it is not the page's own. */
  readonly base?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that the node has confirmed. */
  readonly progress?: ((sent: number) => void) | undefined;
  /** The line is down; the next attempt comes in so many milliseconds. */
  readonly waiting?: ((milliseconds: number) => void) | undefined;
}

const firstPiece = 512 << 10;
const smallestPiece = 128 << 10;
const largestPiece = 8 << 20;
const pieceSeconds = 2;
const firstWait = 500;
const longestWait = 15_000;

/**
 * Uploads a ciphertext by tus 1.0's core rules and goes on where it stood: after a broken line, a closed tab, a restarted node.
 *
 * What is reported is what the node confirmed. It never gives up on a network that is down; it throws a Problem only when the node
 * refuses, or the signal's reason.
 */
export async function upload(file: Blob, digest: Hex, options: UploadOptions = {}): Promise<void> {
  const at = `${options.base ?? ""}/v1/uploads`;
  let failures = 0;
  let piece = firstPiece;
  let offset: number | undefined;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      offset ??= await begin(at, digest, file.size, options.signal);
      options.progress?.(offset);
      if (offset >= file.size) return;
      const started = performance.now();
      const end: number = Math.min(file.size, offset + piece);
      offset = await append(`${at}/${digest}`, file.slice(offset, end), offset, options.signal);
      failures = 0;
      const seconds = (performance.now() - started) / 1000;
      // Pieces short enough that progress moves, long enough that the line is used.
      piece = Math.round(Math.min(largestPiece, Math.max(smallestPiece, piece * Math.min(2, pieceSeconds / Math.max(0.01, seconds)))));
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!mayPass(error)) throw error;
      // How much of it arrived only the node knows.
      offset = undefined;
      piece = firstPiece;
      const wait = Math.min(longestWait, firstWait * 2 ** failures++) * (0.75 + Math.random() / 2);
      options.waiting?.(wait);
      await pause(wait, options.signal);
    }
  }
}

// POST announces it, or says where it stands when it was begun before.
async function begin(at: string, digest: Hex, size: number, signal: AbortSignal | undefined): Promise<number> {
  const response = await fetch(at, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ ciphertextDigest: digest, size }), signal: signal ?? null,
  });
  await refuse(response);
  return offsetOf(response) ?? offsetOf(await fetch(`${at}/${digest}`, { method: "HEAD", signal: signal ?? null })) ?? 0;
}

async function append(at: string, piece: Blob, offset: number, signal: AbortSignal | undefined): Promise<number> {
  const response = await fetch(at, {
    method: "PATCH", headers: { "content-type": "application/offset+octet-stream", "upload-offset": String(offset) }, body: piece, signal: signal ?? null,
  });
  await refuse(response);
  return offsetOf(response) ?? offset + piece.size;
}

async function refuse(response: Response): Promise<void> {
  if (!response.ok) throw await problemOf(response);
}

function offsetOf(response: Response): number | undefined {
  const text = response.headers.get("upload-offset");
  return text !== null && /^[0-9]+$/.test(text) ? Number(text) : undefined;
}

// A network that is down, a node that restarts or is overloaded, an offset that somebody else moved.
function mayPass(error: unknown): boolean {
  if (!(error instanceof Problem)) return error instanceof TypeError;
  if (error.code === "storage.full" || error.code === "upload.too_many_waiting" || error.code === "upload.size_conflict") return false;
  return [404, 408, 409, 429].includes(error.status) || error.status >= 500;
}

// Ends early when the browser hears that the line is back.
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", end);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    globalThis.addEventListener?.("online", end);
    signal?.addEventListener("abort", end);
  });
}
