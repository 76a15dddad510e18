import { keccak_256 } from "@noble/hashes/sha3.js";
import { toHex } from "../open/hex.ts";

/** A value of 32 bytes as `abi.encode` writes one that is not dynamic: hexadecimal digits, a number, or a sum. */
export type Word = `0x${string}` | number | bigint;

/** keccak256(abi.encode(words)) of values that are all 32 bytes long: numbers, addresses, digests. */
export function hashWords(words: readonly Word[]): `0x${string}` {
  return toHex(keccak_256(encode(words)));
}

/** The same hashed twice, so that no inner node of a tree can pass for a leaf. */
export function hashWordsTwice(words: readonly Word[]): Uint8Array {
  return keccak_256(keccak_256(encode(words)));
}

function encode(words: readonly Word[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 32);
  words.forEach((word, at) => {
    const digits = typeof word === "string" ? word.slice(2) : word.toString(16);
    if (!/^[0-9a-fA-F]{1,64}$/.test(digits)) throw new RangeError(`${word} is no word of 256 bits.`);
    let i = at * 32 + 31;
    for (let end = digits.length; end > 0; end -= 2, i--) bytes[i] = Number.parseInt(digits.slice(Math.max(0, end - 2), end), 16);
  });
  return bytes;
}
