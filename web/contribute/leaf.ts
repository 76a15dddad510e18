import { concat, encodeAbiParameters, keccak256 } from "viem";
import type { Address, Hex } from "viem";

/** One contribution in a batch, as `GET /v1/contributions/{digest}/proof` gives it. */
export interface Leaf {
  readonly index: number;
  readonly owner: Address;
  readonly ciphertextDigest: Hex;
  readonly size: number;
  readonly ephemeralShare: Hex;
  readonly schema: Hex;
  readonly keyEpoch: number;
  readonly points: string;
  readonly nullifier: Hex;
}

export interface BatchProof {
  readonly batchId: number;
  readonly leaf: Leaf;
  readonly root: Hex;
  readonly proof: readonly Hex[];
}

const fields = ["uint32", "address", "bytes32", "uint64", "bytes32", "bytes32", "uint32", "uint256", "bytes32"].map((type) => ({ type }));

/** keccak256(keccak256(abi.encode(…))) (docs/protocol.md §1): hashed twice, so that no inner node can pass for a leaf. */
export const leafHash = (leaf: Leaf): Hex => keccak256(keccak256(encodeAbiParameters(fields, [
  leaf.index, leaf.owner, leaf.ciphertextDigest, BigInt(leaf.size), leaf.ephemeralShare, leaf.schema, leaf.keyEpoch, BigInt(leaf.points), leaf.nullifier,
])));

/** The root that a leaf and its proof lead to: pairs are hashed in ascending order (OpenZeppelin MerkleProof). */
export const rootOf = (leaf: Leaf, proof: readonly Hex[]): Hex =>
  proof.reduce((node, other) => keccak256(BigInt(node) < BigInt(other) ? concat([node, other]) : concat([other, node])), leafHash(leaf));
