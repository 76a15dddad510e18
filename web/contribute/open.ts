import { sha256 } from "@noble/hashes/sha2.js";
import { Decrypter } from "age-encryption";
import { bytesToHex } from "viem";
import type { Hex } from "viem";
import { Problem, problemOf } from "../shared/node.ts";

/**
 * Downloads a member's own contribution, proves that it is the file with this digest, and decrypts it to the sink; memory stays flat.
 * What the sink was given counts only when this returns: a node that sends other bytes is found out at the end.
 */
export async function openOwn(
  digest: Hex, identity: string, sink: (chunk: Uint8Array) => void, progress?: (read: number, total: number) => void, signal?: AbortSignal): Promise<void> {
  const response = await fetch(`/v1/blobs/${digest}`, { signal: signal ?? null });
  if (!response.ok || response.body === null) throw await problemOf(response);
  const total = Number(response.headers.get("content-length") ?? 0);
  const hash = sha256.create();
  let read = 0;
  const ciphertext = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      hash.update(chunk);
      progress?.((read += chunk.length), total);
      controller.enqueue(chunk);
    },
  }));
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const reader = (await decrypter.decrypt(ciphertext)).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    sink(value);
  }
  const found = bytesToHex(hash.digest());
  if (found !== digest.toLowerCase())
    throw new Problem(0, "blob.digest_mismatch", `The file came with the digest ${found}.`, "The storage of this node is damaged, or it lies; ask another node.");
}

/** Opens a small age file, such as an explanation. */
export async function openSmall(file: Uint8Array, identity: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(file, "text");
}
