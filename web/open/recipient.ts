import { bech32 } from "@scure/base";

/** The 32 bytes of an X25519 recipient `age1…`; undefined when the text is none. */
export function recipientPoint(text: string): Uint8Array | undefined {
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(text)) return undefined;
  try {
    const { prefix, bytes } = bech32.decodeToBytes(text);
    return prefix === "age" && bytes.length === 32 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** The `age1…` text of 32 bytes. */
export function recipientOf(point: Uint8Array): string {
  return bech32.encodeFromBytes("age", point);
}
