/** What an account is: a secp256k1 key that signs and an age X25519 identity that reads. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { hashMessage, hashTypedData, hexToBytes, serializeSignature, toHex, type Address, type Hex, type Signature, type TypedDataDefinition } from "viem";
import { publicKeyToAddress } from "viem/utils";

/** Wipe `account` when done. The identity is a string because age wants one; JavaScript cannot wipe strings, only drop them. */
export interface Secrets {
  account: Uint8Array;
  /** AGE-SECRET-KEY-1… */
  identity: string;
}

export async function newSecrets(): Promise<Secrets> {
  return { account: secp256k1.utils.randomSecretKey(), identity: await generateX25519Identity() };
}

export function wipe(...all: readonly (Uint8Array | undefined)[]): void {
  for (const bytes of all) bytes?.fill(0);
}

export const addressOf = (account: Uint8Array): Address => publicKeyToAddress(toHex(secp256k1.getPublicKey(account, false)));

export const recipientOf = (identity: string): Promise<string> => identityToRecipient(identity);

/** Low s, deterministic (RFC 6979). */
export function signDigest(digest: Hex, account: Uint8Array): Signature {
  const bytes = secp256k1.sign(hexToBytes(digest), account, { prehash: false, format: "recovered" });
  return { yParity: bytes[0]!, r: toHex(bytes.subarray(1, 33)), s: toHex(bytes.subarray(33)) };
}

/** EIP-712; 65 bytes r ‖ s ‖ v with v 27 or 28. */
export const signTypedData = (typedData: TypedDataDefinition, account: Uint8Array): Hex => serializeSignature(signDigest(hashTypedData(typedData), account));

/** EIP-191 version 0x45. */
export const signMessage = (text: string, account: Uint8Array): Hex => serializeSignature(signDigest(hashMessage(text), account));
