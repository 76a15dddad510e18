import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "viem";
import type { Hex } from "viem";

export type EvidenceLevel = "wallet" | "structure" | "account_code" | "sign_in" | "email" | "fetched" | "openid";

/** What the dataset asks of a contribution: of ContributionPolicy, the part that a page uses. */
export interface ContributionPolicy {
  readonly schema: string;
  readonly minimumLevel: EvidenceLevel;
  /** Per mille of the full value, by level. */
  readonly weights: Readonly<Record<"wallet" | "structure" | "account_code" | "sign_in" | "email" | "fetched" | "openid", number>>;
  readonly thresholds: { readonly maxPointsPerVerdict: string };
  readonly sources: { readonly email: readonly { readonly platform: string; readonly domain: string }[] };
  /** The Frictionless descriptor of a dataset with a schema of its own. */
  readonly descriptor?: unknown;
}

/** The node's copy of the policy is not the one that the registry names. */
export class PolicyDiffers extends Error {
  readonly code = "policy.digest_mismatch";
  readonly hint = "Ask another node.";
}

/** Reads a policy and holds it against the digest that the registry has. */
export function parsePolicy(json: Uint8Array, digest: Hex): ContributionPolicy {
  const found = bytesToHex(sha256(json));
  if (found !== digest.toLowerCase()) throw new PolicyDiffers(`The policy has the digest ${found}; the registry has ${digest}.`);
  return JSON.parse(new TextDecoder().decode(json)) as ContributionPolicy;
}
