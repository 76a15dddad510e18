/**
 * The chain as this browser reads it, and the DAO held against it.
 *
 * Guarantee: what `verifiedDao` returns is what the contracts say, whatever the node said.
 * Trust: the chain endpoint that the node names for browsers (`publicRpc`), and the DAO's address at the first visit: it is
 * remembered, and another one is refused from then on.
 */
import type { Abi, Address, ContractFunctionArgs, ContractFunctionName, Hex, ReadContractReturnType, TransactionReceipt } from "viem";
import type { DaoInfo } from "./dao.ts";

export type { DaoInfo } from "./dao.ts";

/** `/v1/dao`, every field that matters held against the chain: deed, guardians, threshold, recipient, validators, policy digest, name. */
export interface VerifiedDao extends DaoInfo {
  /** Unix seconds, this browser's clock. */
  verifiedAt: number;
}

/** The node says one thing and the chain another. Nothing may be signed, encrypted or paid on the node's word. */
export class ChainMismatch extends Error {
  override readonly name = "ChainMismatch";
  readonly code = "chain.mismatch";

  constructor(readonly field: string, readonly serverValue: string, readonly chainValue: string) {
    super(`The node and the chain disagree on ${field}: the node says ${serverValue}, the chain says ${chainValue}.`);
  }
}

/** A contract at an address: `{address: dao.contracts.market, abi: accessMarketAbi}` with an ABI of `web/chain/abi.ts`. */
export interface Contract<A extends Abi> {
  address: Address;
  abi: A;
}

export interface ChainReader {
  read<const A extends Abi, F extends ContractFunctionName<A, "pure" | "view">, const Args extends ContractFunctionArgs<A, "pure" | "view", F>>(
    contract: Contract<A>, functionName: F, ...args: Args extends readonly [] ? [] : [args: Args]
  ): Promise<ReadContractReturnType<A, F, Args>>;
  /** `block.timestamp` of the newest block: every deadline is in chain time. */
  blockTime(): Promise<number>;
  /** In wei. */
  balance(account: Address): Promise<bigint>;
  receipt(hash: Hex): Promise<TransactionReceipt | undefined>;
}

/** @throws ChainMismatch naming the field, the node's value and the chain's value. */
export async function verifiedDao(): Promise<VerifiedDao> {
  throw new Error("not yet");
}

/** Reads through the endpoint that the node names for browsers. What it says is only the chain's word once `verifiedDao` was awaited. */
export function chain(): ChainReader {
  throw new Error("not yet");
}
