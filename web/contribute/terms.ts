import { hashTypedData, isAddressEqual, recoverTypedDataAddress } from "viem";
import type { Address, Hex, TypedDataDefinition } from "viem";

/** The registry that a signature is for. */
export interface Registry {
  readonly chainId: number;
  readonly address: Address;
}

/** What a member signs over an encrypted file (docs/protocol.md §2): whose it is, which bytes, for which key, until when. */
export interface ContributionTerms {
  readonly owner: Address;
  readonly ciphertextDigest: Hex;
  /** Bytes of the age file. */
  readonly size: number;
  readonly ephemeralShare: Hex;
  readonly schema: Hex;
  readonly keyEpoch: number;
  /** Unix seconds, in chain time. */
  readonly deadline: number;
  /** SHA-256 of the sealed evidence; zero for none. */
  readonly evidenceDigest: Hex;
}

/** What a validator signs. */
export interface Verdict {
  readonly owner: Address;
  readonly ciphertextDigest: Hex;
  readonly size: number;
  readonly ephemeralShare: Hex;
  readonly schema: Hex;
  readonly keyEpoch: number;
  readonly accepted: boolean;
  /** Decimal text; a million is one token. */
  readonly points: string;
  readonly nullifier: Hex;
  readonly reportDigest: Hex;
  readonly signature: Hex;
}

export interface Withdrawal {
  readonly batchId: number;
  readonly index: number;
  readonly leaf: Hex;
  readonly deadline: number;
}

export const noDigest: Hex = `0x${"00".repeat(32)}`;

const file = [
  { name: "owner", type: "address" },
  { name: "ciphertextDigest", type: "bytes32" },
  { name: "size", type: "uint64" },
  { name: "ephemeralShare", type: "bytes32" },
  { name: "schema", type: "bytes32" },
  { name: "keyEpoch", type: "uint32" },
] as const;

const domain = (registry: Registry) => ({ name: "Commonhold", version: "1", chainId: registry.chainId, verifyingContract: registry.address });

export const contributionToSign = (terms: ContributionTerms, registry: Registry): TypedDataDefinition => ({
  domain: domain(registry),
  primaryType: "Contribution",
  types: { Contribution: [...file, { name: "deadline", type: "uint64" }, { name: "evidenceDigest", type: "bytes32" }] },
  message: { ...terms, size: BigInt(terms.size), deadline: BigInt(terms.deadline) },
});

export const verdictToSign = (verdict: Omit<Verdict, "signature">, registry: Registry): TypedDataDefinition => ({
  domain: domain(registry),
  primaryType: "Verdict",
  types: {
    Verdict: [...file, { name: "accepted", type: "bool" }, { name: "points", type: "uint256" }, { name: "nullifier", type: "bytes32" }, { name: "reportDigest", type: "bytes32" }],
  },
  message: { ...verdict, size: BigInt(verdict.size), points: BigInt(verdict.points) },
});

export const withdrawalToSign = (withdrawal: Withdrawal, registry: Registry): TypedDataDefinition => ({
  domain: domain(registry),
  primaryType: "Withdrawal",
  types: {
    Withdrawal: [{ name: "batchId", type: "uint256" }, { name: "index", type: "uint32" }, { name: "leaf", type: "bytes32" }, { name: "deadline", type: "uint64" }],
  },
  message: { ...withdrawal, batchId: BigInt(withdrawal.batchId), deadline: BigInt(withdrawal.deadline) },
});

/** The digest that is signed. */
export const digestToSign = (data: TypedDataDefinition): Hex => hashTypedData(data);

/** True when `signer` signed; a signature of no key is nobody's. */
export async function isSignedBy(signer: Address, data: TypedDataDefinition, signature: Hex): Promise<boolean> {
  const found = await signerOf(data, signature);
  return found !== undefined && isAddressEqual(found, signer);
}

/** Who signed; undefined for a signature of no key. */
export async function signerOf(data: TypedDataDefinition, signature: Hex): Promise<Address | undefined> {
  try {
    return await recoverTypedDataAddress({ ...data, signature });
  } catch {
    return undefined;
  }
}
