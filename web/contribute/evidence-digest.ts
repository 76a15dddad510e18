import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "viem";
import type { Hex } from "viem";
import { noDigest } from "./terms.ts";

/** What the member signs of the evidence: its SHA-256, or zero for none. */
export const evidenceDigest = (evidence: Uint8Array | undefined): Hex => (evidence === undefined ? noDigest : bytesToHex(sha256(evidence)));
