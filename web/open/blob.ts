import { TooMuch, bytesWithin } from "../shared/bounded.ts";
import { problemOf } from "../shared/node.ts";
import { OpeningRefused } from "./refusal.ts";

/** Slower than any connection that one would open files over: bytes in a millisecond. */
const slowest = 16;
/** However long the file is (milliseconds). */
const longest = 3_600_000;

/**
 * Fetches one ciphertext from the node: at most as many bytes as the list says that it has. What is longer is another file and comes back
 * empty, so that the opening refuses it as `blob.corrupt`; what only trickles in is refused as `blob.unavailable`.
 *
 * @param patience milliseconds, beyond what so many bytes take on a slow connection.
 */
export async function blobAt(url: string | URL, maxBytes: number, signal: AbortSignal, patience = 30_000): Promise<Uint8Array<ArrayBuffer>> {
  const limit = AbortSignal.timeout(Math.min(patience + Math.ceil(maxBytes / slowest), longest));
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, limit]), cache: "no-store" });
    if (!response.ok) {
      const problem = await problemOf(response);
      throw new OpeningRefused(problem.code, problem.detail, problem.hint);
    }
    return await bytesWithin(response, maxBytes);
  } catch (error) {
    if (error instanceof TooMuch) return new Uint8Array();
    if (limit.aborted && !signal.aborted) throw new OpeningRefused("blob.unavailable", "The node sends the file too slowly.", "Try again, or use the command line: it goes on where it was.");
    throw error;
  }
}
