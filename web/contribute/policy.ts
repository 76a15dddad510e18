import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "viem";
import type { Hex } from "viem";

/** In the order of the ladder (docs/evidence.md). */
export const evidenceLevels = ["wallet", "structure", "account_code", "sign_in", "email", "fetched", "openid"] as const;

export type EvidenceLevel = (typeof evidenceLevels)[number];

/** A page on which the account's holder, and nobody else, writes in one place. */
export interface AccountCodeSource {
  readonly platform: string;
  readonly place: string;
  /** With `{post}` where the member has to say which one. */
  readonly url: string;
  /** Where a member finds the place. */
  readonly words: string;
}

/** A sign-in at the platform, by OAuth 2 with PKCE. */
export interface SignInSource {
  readonly platform: string;
  readonly authorizeUrl: string;
  readonly clientId: string;
  readonly scope: string;
  /** What the platform calls itself in its answers (RFC 9207), if it does. */
  readonly issuer?: string;
  /** Pages of nodes that a sign-in may come back to; without any, the command line alone can sign in. */
  readonly redirectPages?: readonly string[];
}

/** What the dataset asks of a contribution: of ContributionPolicy, the part that a page uses. */
export interface ContributionPolicy {
  readonly schema: string;
  /** Results and single checks that must have passed, by name. */
  readonly required: readonly string[];
  readonly minimumLevel: EvidenceLevel;
  /** Per mille of the full value, by level. */
  readonly weights: Readonly<Record<EvidenceLevel, number>>;
  readonly thresholds: { readonly maxPointsPerVerdict: string };
  readonly sources: PolicySources;
  /** The Frictionless descriptor of a dataset with a schema of its own. */
  readonly descriptor?: unknown;
}

/** Whom the dataset believes about accounts: the part that a page uses. */
export interface PolicySources {
  readonly email: readonly { readonly platform: string; readonly domain: string }[];
  readonly accountCode: readonly AccountCodeSource[];
  readonly signIn: readonly SignInSource[];
  readonly download: readonly { readonly platform: string; readonly hosts: readonly string[] }[];
  readonly openId: readonly { readonly linkedAs: string }[];
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
