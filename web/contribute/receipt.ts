import { isAddressEqual } from "viem";
import type { Address, Hex } from "viem";
import { leafHash, rootOf } from "./leaf.ts";
import type { BatchProof } from "./leaf.ts";
import { reportDigest } from "./report.ts";
import { contributionToSign, isSignedBy, signerOf, verdictToSign } from "./terms.ts";
import type { ContributionTerms, Registry, Verdict } from "./terms.ts";

/** What a member keeps: that these bytes were contributed, and what was said of them. Everything in it can be checked without the node. */
export interface Receipt {
  readonly version: 1;
  readonly kind: "commonhold-receipt";
  readonly registry: Registry;
  readonly verdict: Verdict;
  /** The report's JSON, to the letter. */
  readonly report: string;
  /** What the member signed; only the browser that contributed has it. */
  readonly signed?: { readonly terms: ContributionTerms; readonly signature: Hex } | undefined;
  /** Where it stands on chain, once its batch is there. */
  readonly place?: BatchProof | undefined;
}

/** What the chain says, for a receipt to be held against. */
export interface ChainFacts {
  isValidator(account: Address): Promise<boolean>;
  /** The root of a committed batch; undefined when there is no such batch. */
  batchRoot(batchId: number): Promise<Hex | undefined>;
}

export interface ReceiptCheck {
  /** In words. */
  readonly claim: string;
  readonly holds: boolean;
  /** Not yet, rather than no. */
  readonly isOpen?: boolean;
}

/** Checks a receipt: signatures, digests and the Merkle path here, validators and root on the chain. */
export async function checkReceipt(receipt: Receipt, chain: ChainFacts): Promise<ReceiptCheck[]> {
  const { verdict, registry, place, signed } = receipt;
  const validator = await signerOf(verdictToSign(verdict, registry), verdict.signature);
  const checks: ReceiptCheck[] = [
    { claim: "The verdict is signed by a validator that the chain names", holds: validator !== undefined && (await chain.isValidator(validator)) },
    { claim: "The report is the one that was signed", holds: reportDigest(receipt.report) === verdict.reportDigest.toLowerCase() },
  ];
  if (signed !== undefined)
    checks.push({
      claim: "The terms are signed by the owner, for the same file",
      holds: isAbout(verdict, signed.terms) && (await isSignedBy(signed.terms.owner, contributionToSign(signed.terms, registry), signed.signature)),
    });
  if (place === undefined) {
    if (verdict.accepted) checks.push({ claim: "It stands in a batch on the chain", holds: false, isOpen: true });
    return checks;
  }
  checks.push({
    claim: `It stands in batch ${place.batchId} on the chain, for ${verdict.points} points`,
    holds: isAbout(verdict, place.leaf) && place.leaf.points === verdict.points && same(place.leaf.nullifier, verdict.nullifier)
      && same(rootOf(place.leaf, place.proof), (await chain.batchRoot(place.batchId)) ?? "0x"),
  });
  return checks;
}

export { leafHash };

type Subject = Pick<ContributionTerms, "owner" | "ciphertextDigest" | "size" | "ephemeralShare" | "schema" | "keyEpoch">;

const same = (a: Hex, b: Hex): boolean => a.toLowerCase() === b.toLowerCase();

const isAbout = (verdict: Verdict, of: Subject): boolean =>
  isAddressEqual(verdict.owner, of.owner) && same(verdict.ciphertextDigest, of.ciphertextDigest) && verdict.size === of.size
  && same(verdict.ephemeralShare, of.ephemeralShare) && same(verdict.schema, of.schema) && verdict.keyEpoch === of.keyEpoch;
