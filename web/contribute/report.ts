import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "viem";
import type { Address, Hex } from "viem";
import type { EvidenceLevel } from "./policy.ts";
import type { Verdict } from "./terms.ts";

export type Outcome = "passed" | "failed" | "not_checked";

/** One of the four results of a verdict, in the validator's words. */
export interface Finding {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly proves: string;
  readonly doesNotProve: string;
}

/** Why a verdict is what it is (docs/protocol.md §5). */
export interface Report {
  readonly version: number;
  readonly ciphertextDigest: Hex;
  readonly validator: Address;
  readonly time: number;
  readonly accepted: boolean;
  readonly points: string;
  readonly refusal: { readonly code: string; readonly detail: string; readonly hint?: string } | null;
  readonly level: EvidenceLevel;
  readonly paidBefore: string;
  readonly findings: Readonly<Record<"ownership" | "authenticity" | "uniqueness" | "quality", Finding>>;
  readonly checks: readonly { readonly name: string; readonly outcome: Outcome; readonly reason: string }[];
  readonly value: readonly { readonly name: string; readonly rows: number; readonly newRows: number; readonly points: string }[];
  readonly explanationDigest: Hex;
}

export type ContributionState = "waiting" | "accepted" | "refused" | "committed" | "withdrawn";

/** `GET /v1/contributions/{digest}`. */
export interface ContributionStatus {
  readonly ciphertextDigest: Hex;
  readonly owner: Address;
  readonly size: number;
  readonly state: ContributionState;
  readonly receivedAt: number;
  readonly verdict?: Verdict;
  readonly report?: string;
  readonly batchId?: number;
  readonly index?: number;
  readonly withdrawn: boolean;
}

export const reportDigest = (text: string): Hex => bytesToHex(sha256(new TextEncoder().encode(text)));

/** The report of a verdict, if it is the one that the validator signed over. */
export function readReport(status: ContributionStatus): Report | undefined {
  if (status.report === undefined || status.verdict === undefined || reportDigest(status.report) !== status.verdict.reportDigest.toLowerCase()) return undefined;
  return JSON.parse(status.report) as Report;
}
