// What a transaction that a key of this browser signs may cost: one rule for every sender.
import { formatEther, hexToBigInt, type Hex } from "viem";
import type { Rpc } from "./rpc.ts";

export interface Fees {
  /** Wei a gas. */
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

const LEAST_TIP = 1_000_000_000n; // 1 gwei: what an endpoint without an opinion is given.

/** More of the chain's own currency than any one act here costs; an endpoint that asks for more is wrong, or wants to see it burnt. In wei. */
const MOST_FEE = 10n ** 18n / 2n;

/** Room for six full blocks: the base fee rises by at most an eighth a block. */
export async function suggestFees(rpc: Rpc): Promise<Fees> {
  const [tip, block] = await Promise.all([
    rpc.quantity("eth_maxPriorityFeePerGas").catch(() => LEAST_TIP), rpc.ask<{ baseFeePerGas?: Hex }>("eth_getBlockByNumber", "latest", false),
  ]);
  return { maxFeePerGas: 2n * hexToBigInt(block.baseFeePerGas ?? "0x0") + tip, maxPriorityFeePerGas: tip };
}

/** @throws Error when a transaction with so much gas may cost more than any act does. Asked before it is signed. */
export function requireBearable(gas: bigint, { maxFeePerGas }: Fees): void {
  if (gas * maxFeePerGas <= MOST_FEE) return;
  throw new Error(`The chain's endpoint asks for a fee of up to ${formatEther(gas * maxFeePerGas)} of its own currency for one transaction. Nothing was signed: no act here costs more than ${formatEther(MOST_FEE)}. If the chain is really that busy, wait until it is cheaper.`);
}
