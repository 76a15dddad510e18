import { hashWords } from "./words.ts";

export type Mode = "raw" | "anonymised" | "query" | "job";
export type Pricing = "sale" | "rent";
export type Hex = `0x${string}`;

/** A buyer's terms as they stand in JSON (protocol.md §6): what the holders vote on, what the contract keeps the hash of. */
export interface GrantTerms {
  readonly mode: Mode;
  readonly pricing: Pricing;
  readonly renewals: number;
  readonly runs: number;
  /** Seconds from approval. */
  readonly duration: number;
  /** Batches 0 … scope − 1 are covered. */
  readonly scope: number;
  readonly currency: Hex;
  /** In the currency's smallest unit. */
  readonly price: string;
  readonly recipient: Hex;
  readonly purposeDigest: Hex;
  readonly jobDigest: Hex;
  readonly outputPolicyDigest: Hex;
}

export const modes: readonly Mode[] = ["raw", "anonymised", "query", "job"];
export const pricings: readonly Pricing[] = ["sale", "rent"];
export const zeroDigest: Hex = `0x${"0".repeat(64)}`;
export const zeroAddress: Hex = `0x${"0".repeat(40)}`;

/** keccak256(abi.encode(terms)): what the vote names. */
export function hashTerms(terms: GrantTerms): Hex {
  return hashWords([
    modes.indexOf(terms.mode), pricings.indexOf(terms.pricing), terms.renewals, terms.runs, terms.duration, terms.scope,
    terms.currency, BigInt(terms.price), terms.recipient, terms.purposeDigest, terms.jobDigest, terms.outputPolicyDigest,
  ]);
}

/** The same as the contract's struct, for a call. */
export function toStruct(terms: GrantTerms) {
  return {
    ...terms, mode: modes.indexOf(terms.mode), pricing: pricings.indexOf(terms.pricing),
    duration: BigInt(terms.duration), scope: BigInt(terms.scope), price: BigInt(terms.price),
  };
}
