import {
  decodeFunctionResult, encodeFunctionData, getAddress, hexToBigInt,
  type Abi, type Address, type ContractFunctionArgs, type ContractFunctionName, type Hex, type ReadContractReturnType,
} from "viem";
import { reverted } from "./reverts.ts";
import { ChainUnavailable, Rpc, RpcRefused } from "./rpc.ts";

/** A contract at an address: `{address: dao.contracts.market, abi: accessMarketAbi}` with an ABI of `web/chain/abi.ts`. */
export interface Contract<A extends Abi> {
  address: Address;
  abi: A;
}

/** What of a mined transaction pages need. */
export interface Receipt {
  transactionHash: Hex;
  blockNumber: bigint;
  succeeded: boolean;
  logs: { address: Address; topics: [Hex, ...Hex[]]; data: Hex }[];
}

export interface ChainReader {
  /** Calls a view at the newest block. */
  read<const A extends Abi, F extends ContractFunctionName<A, "pure" | "view">, const Args extends ContractFunctionArgs<A, "pure" | "view", F>>(
    contract: Contract<A>, functionName: F, ...args: Args extends readonly [] ? [] : [args: Args]
  ): Promise<ReadContractReturnType<A, F, Args>>;
  /** Whether a contract would take this call now. */
  wouldPass(call: { from: Address; to: Address; data: Hex }): Promise<boolean>;
  /** `block.timestamp` of the newest block: every deadline is in chain time. */
  blockTime(): Promise<number>;
  /** In wei. */
  balance(account: Address): Promise<bigint>;
  /** Undefined while it is not mined. */
  receipt(hash: Hex): Promise<Receipt | undefined>;
  chainId(): Promise<number>;
}

/** @param endpoint asked for once, at the first read. */
export function readerAt(endpoint: () => Promise<Rpc>): ChainReader {
  return {
    async read(contract: Contract<Abi>, functionName: string, args?: readonly unknown[]) {
      const call = { abi: contract.abi, functionName, args: args ?? [] };
      const data = await callAt(await endpoint(), { to: contract.address, data: encodeFunctionData(call as never) }, "latest");
      return decodeFunctionResult({ ...call, data } as never) as never;
    },
    wouldPass: async (call) => {
      try {
        await callAt(await endpoint(), call, "latest");
        return true;
      } catch (problem) {
        if (problem instanceof ChainUnavailable) throw problem;
        return false;
      }
    },
    blockTime: async () => Number(hexToBigInt((await (await endpoint()).ask<{ timestamp: Hex }>("eth_getBlockByNumber", "latest", false)).timestamp)),
    balance: async (account) => (await endpoint()).quantity("eth_getBalance", account, "latest"),
    receipt: async (hash) => receiptOf(await endpoint(), hash),
    chainId: async () => Number(await (await endpoint()).quantity("eth_chainId")),
  } as ChainReader;
}

/** @throws Reverted in plain words when the contract refuses. */
export async function callAt(rpc: Rpc, call: { from?: Address; to: Address; data: Hex; value?: Hex }, block: string): Promise<Hex> {
  try {
    return await rpc.ask<Hex>("eth_call", call, block);
  } catch (problem) {
    throw problem instanceof RpcRefused && problem.data !== undefined ? reverted(problem.data) : problem;
  }
}

interface RawReceipt {
  transactionHash: Hex;
  blockNumber: Hex;
  status: Hex;
  logs: { address: Address; topics: [Hex, ...Hex[]]; data: Hex }[];
}

export async function receiptOf(rpc: Rpc, hash: Hex): Promise<Receipt | undefined> {
  const raw = await rpc.ask<RawReceipt | null>("eth_getTransactionReceipt", hash);
  if (raw === null) return undefined;
  return {
    transactionHash: raw.transactionHash,
    blockNumber: hexToBigInt(raw.blockNumber),
    succeeded: hexToBigInt(raw.status) === 1n,
    logs: raw.logs.map(({ address, topics, data }) => ({ address: getAddress(address), topics, data })),
  };
}
