import { bytesToHex, type Hex } from "viem";

/** SHA-256: what the chain has instead of a text or a document. */
export async function digestOf(content: string | Uint8Array<ArrayBuffer>): Promise<Hex> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return bytesToHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
