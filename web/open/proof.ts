import { sha512 } from "@noble/hashes/sha2.js";
import { base, order, parsePoint, pointOfShare, readNumber, times, writeNumber } from "./points.ts";
import type { Answer } from "./threshold-identity.ts";
import type { ThresholdKey } from "./threshold-key.ts";

const label = new TextEncoder().encode("commonhold/v1/answer-proof\n");

/**
 * True when 64 bytes prove that an answer was made with the guardian's registered share: a Chaum–Pedersen proof that
 * log_B(S_i) = log_E(P_i), made non-interactive by Fiat–Shamir (protocol.md §4).
 */
export function proves(proof: Uint8Array | undefined, key: ThresholdKey, share: Uint8Array, answer: Answer): boolean {
  if (proof?.length !== 64 || answer.guardian < 1 || answer.guardian > key.guardians) return false;
  const [c, z] = [readNumber(proof.subarray(0, 32)), readNumber(proof.subarray(32))];
  const [point, product] = [pointOfShare(share), parsePoint(answer.point)];
  if (c >= order || z >= order || point === undefined || product === undefined) return false;
  const publicShare = key.publicShare(answer.guardian);
  // z·B − c·S = k·B and z·E − c·P = k·E.
  const first = times(base, z).subtract(times(publicShare, c));
  const second = times(point, z).subtract(times(product, c));
  if (first.is0() || second.is0()) return false;
  const hash = sha512.create().update(label);
  for (const part of [key.point.toBytes(), writeNumber(BigInt(answer.guardian)), publicShare.toBytes(), point.toBytes(), product.toBytes(), first.toBytes(), second.toBytes()])
    hash.update(part);
  return readNumber(hash.digest()) % order === c;
}

/** The guardians whose answer lacks a proof that holds, in order of number; empty when all told the truth. */
export function nameLiars(key: ThresholdKey, share: Uint8Array, answers: readonly (Answer & { readonly proof?: Uint8Array | undefined })[]): number[] {
  return answers.filter((answer) => !proves(answer.proof, key, share, answer)).map((answer) => answer.guardian).sort((a, b) => a - b);
}
