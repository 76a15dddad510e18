import { keccak_256 } from "@noble/hashes/sha3.js";
import { hashWordsTwice } from "../market/words.ts";
import { fromHex, toHex } from "./hex.ts";
import { OpeningRefused } from "./refusal.ts";

/** One contribution in a batch, as its root binds it (protocol.md §1). */
export interface Leaf {
  readonly index: number;
  readonly owner: `0x${string}`;
  readonly ciphertextDigest: `0x${string}`;
  readonly size: number;
  readonly ephemeralShare: `0x${string}`;
  readonly schema: `0x${string}`;
  readonly keyEpoch: number;
  readonly points: string;
  readonly nullifier: `0x${string}`;
}

/** What the chain says of a batch. */
export interface CommittedBatch {
  readonly root: string;
  readonly count: number;
}

/**
 * Reads the manifest of one batch from anybody: its leaves are believed only because they hash to the root that the chain has.
 *
 * Refused as `manifest.invalid`, `manifest.other_batch` or `manifest.root_mismatch`.
 */
export function readManifest(json: unknown, chainId: number, registry: string, batchId: number, known: CommittedBatch): readonly Leaf[] {
  const manifest = json as { version: unknown; chainId: unknown; registry: unknown; batchId: unknown; leaves: unknown } | null;
  if (manifest === null || typeof manifest !== "object" || manifest.version !== 1 || !Array.isArray(manifest.leaves) || manifest.leaves.length === 0)
    throw new OpeningRefused("manifest.invalid", `The manifest of batch ${batchId} cannot be read.`);
  if (manifest.chainId !== chainId || String(manifest.registry).toLowerCase() !== registry.toLowerCase() || manifest.batchId !== batchId)
    throw new OpeningRefused("manifest.other_batch", `The manifest is not of batch ${batchId} of ${registry} on chain ${chainId}.`, "Do not use this node.");
  const leaves = manifest.leaves.map((leaf, at) => readLeaf(leaf, at, batchId));
  const root = rootOf(leaves.map(hashLeaf));
  if (leaves.length !== known.count || toHex(root) !== known.root.toLowerCase())
    throw new OpeningRefused("manifest.root_mismatch", `The manifest of batch ${batchId} has root ${toHex(root)} over ${leaves.length} leaves; the chain has ${known.root} over ${known.count}.`, "Do not use this node.");
  return leaves;
}

export function hashLeaf(leaf: Leaf): Uint8Array {
  return hashWordsTwice([
    leaf.index, leaf.owner, leaf.ciphertextDigest, leaf.size, leaf.ephemeralShare, leaf.schema, leaf.keyEpoch, BigInt(leaf.points), leaf.nullifier,
  ]);
}

/** OpenZeppelin's tree: pairs are sorted, a level's odd last node moves up unchanged. */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(i + 1 < level.length ? pair(level[i]!, level[i + 1]!) : level[i]!);
    level = above;
  }
  return level[0]!;
}

function pair(a: Uint8Array, b: Uint8Array): Uint8Array {
  const [first, second] = isBelow(a, b) ? [a, b] : [b, a];
  return keccak_256.create().update(first).update(second).digest();
}

export function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) if (a[i] !== b[i]) return a[i]! < b[i]!;
  return false;
}

function readLeaf(value: unknown, at: number, batchId: number): Leaf {
  const leaf = value as Leaf | null;
  const isSound = leaf !== null && typeof leaf === "object" && leaf.index === at
    && Number.isSafeInteger(leaf.size) && leaf.size >= 0 && Number.isInteger(leaf.keyEpoch) && leaf.keyEpoch >= 0
    && typeof leaf.points === "string" && /^[0-9]{1,39}$/.test(leaf.points) && fromHex(leaf.owner, 20) !== undefined
    && [leaf.ciphertextDigest, leaf.ephemeralShare, leaf.schema, leaf.nullifier].every((digest) => fromHex(digest, 32) !== undefined);
  if (!isSound) throw new OpeningRefused("manifest.invalid", `Leaf ${at} of batch ${batchId} cannot be read.`);
  return leaf;
}
