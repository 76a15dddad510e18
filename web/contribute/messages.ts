import type { Hex } from "viem";
import type { ExportReading } from "../exports/index.ts";
import type { Estimate } from "./estimate.ts";
import type { CodeTask, Proof, ProofOf } from "./proof.ts";
import type { ContributionPolicy, EvidenceLevel } from "./policy.ts";
import type { SealTo } from "./seal.ts";

/** What a page asks its worker for; one thing at a time, and `cancel` ends it. */
export type Question =
  | { readonly kind: "read"; readonly file: File; readonly policy: ContributionPolicy }
  | { readonly kind: "seal"; readonly file: File; readonly policy: ContributionPolicy; readonly to: SealTo; readonly proof: Proof | undefined; readonly of: Omit<ProofOf, "ciphertextDigest">; readonly mostBytes: number }
  | { readonly kind: "upload"; readonly name: string; readonly digest: Hex }
  | { readonly kind: "open"; readonly digest: Hex; readonly identity: string }
  | { readonly kind: "cancel" };

/** What the worker says meanwhile, and at the end: `done` or `failed`. */
export type Answer =
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "waiting"; readonly milliseconds: number }
  | { readonly kind: "done"; readonly result: Outcome }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly failure: Failure };

export type Outcome =
  | { readonly kind: "read"; readonly reading: PlainReading; readonly estimates: Readonly<Record<EvidenceLevel, Estimate>> }
  | { readonly kind: "sealed"; readonly sealed: SealedFile }
  | { readonly kind: "uploaded" }
  | { readonly kind: "opened"; readonly name: string };

/** A reading as it passes between threads: without errors' prototypes. */
export type PlainReading = Omit<ExportReading, "checks">;

/** A ciphertext in the browser's private file system, and what goes with it. */
export interface SealedFile {
  readonly name: string;
  readonly ciphertextDigest: Hex;
  readonly size: number;
  readonly ephemeralShare: Hex;
  readonly ticket: Uint8Array;
  readonly evidence: Uint8Array | undefined;
  readonly code: CodeTask | undefined;
}

export interface Failure {
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
}

