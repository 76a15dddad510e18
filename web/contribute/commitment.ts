import { sha256 } from "@noble/hashes/sha2.js";
import { base32nopad, base64urlnopad } from "@scure/base";
import { concatBytes, hexToBytes, numberToBytes, stringToBytes } from "viem";
import type { Address, Hex } from "viem";
import type { Registry } from "./terms.ts";

/** What a code is bound to (EvidenceCommitment of the command line, docs/protocol.md §5). */
export interface Commitment {
  readonly registry: Registry;
  readonly owner: Address;
  readonly ciphertextDigest: Hex;
  /** 32 random bytes that only the member and one validator know: without them nobody finds the wallet by the code. */
  readonly salt: Uint8Array;
}

/** 130 bits: nobody finds another wallet and file with the same code. */
const codeLength = 26;

export const newSalt = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32));

/** What the member puts on the page: `commonhold-` and 26 letters and digits of base32 (RFC 4648 §6, small letters). */
export const accountCode = (commitment: Commitment): string =>
  `commonhold-${base32nopad.encode(digest("commonhold-account-code", commitment)).toLowerCase().slice(0, codeLength)}`;

/** The `code_verifier` of RFC 7636: 43 characters. */
export const codeVerifier = (commitment: Commitment): string => base64urlnopad.encode(digest("commonhold-code-verifier", commitment));

const digest = (purpose: string, { registry, owner, ciphertextDigest, salt }: Commitment): Uint8Array => sha256(concatBytes([
  stringToBytes(purpose), numberToBytes(registry.chainId, { size: 8 }), hexToBytes(registry.address), hexToBytes(owner), hexToBytes(ciphertextDigest), salt,
]));
