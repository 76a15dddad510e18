import { Encrypter } from "age-encryption";
import type { Hex } from "viem";

const encoder = new TextEncoder();
const digits = encoder.encode("0123456789abcdef");

/**
 * Seals a ticket: an age file to one validator that holds the ephemeral secret of one file (docs/protocol.md §5).
 * The secret's text is built in bytes that are wiped, never in a string, which nobody can wipe.
 */
export async function sealTicket(secret: Uint8Array, ciphertextDigest: Hex, validator: string, explainTo: string): Promise<Uint8Array> {
  const before = encoder.encode(`{"version":1,"ciphertextDigest":"${ciphertextDigest}","ephemeralSecret":"0x`);
  const after = encoder.encode(`","explainTo":"${explainTo}"}`);
  const json = new Uint8Array(before.length + 2 * secret.length + after.length);
  json.set(before);
  secret.forEach((byte, i) => {
    json[before.length + 2 * i] = digits[byte >> 4]!;
    json[before.length + 2 * i + 1] = digits[byte & 15]!;
  });
  json.set(after, before.length + 2 * secret.length);
  try {
    return await sealBytes(json, validator);
  } finally {
    json.fill(0);
  }
}

/** A small age file to one recipient. */
export async function sealBytes(content: Uint8Array, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(content);
}
