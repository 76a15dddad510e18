/** Transactions of keys that live in this browser: EIP-1559, estimated, sent, waited for, and explained when they fail. */
import {
  keccak256, numberToHex, serializeTransaction, type Address, type Hex, type Signature, type TransactionSerializableEIP1559,
} from "viem";
import { requireBearable, suggestFees } from "./fees.ts";
import { callAt, receiptOf, type Receipt } from "./reader.ts";
import { reverted } from "./reverts.ts";
import { ChainUnavailable, Rpc, RpcRefused } from "./rpc.ts";
import { ChainMismatch } from "./verify.ts";

export interface Transaction {
  to: Address;
  data: Hex;
  /** In wei. Default none. */
  value?: bigint;
}

/** Signs a digest with the account's key. */
export type DigestSigner = (digest: Hex) => Signature;

const POLL_MS = 700;
const PATIENCE_MS = 4 * 60_000;

/**
 * @param chainId the DAO's own: a transaction is signed for no other chain, whatever the endpoint says meanwhile.
 * @throws Reverted before anything is sent, when the contract would refuse.
 */
export async function sendTransaction(rpc: Rpc, chainId: number, from: Address, transaction: Transaction, sign: DigestSigner): Promise<Receipt> {
  const call = { from, to: transaction.to, data: transaction.data, value: numberToHex(transaction.value ?? 0n) };
  await callAt(rpc, call, "latest");
  const gas = await estimate(rpc, call);
  const [itsChainId, nonce, fees] = await Promise.all([rpc.quantity("eth_chainId"), rpc.quantity("eth_getTransactionCount", from, "pending"), suggestFees(rpc)]);
  if (Number(itsChainId) !== chainId) throw new ChainMismatch("the chain", String(itsChainId), String(chainId));
  requireBearable(gas, fees);
  const unsigned = {
    type: "eip1559", chainId, nonce: Number(nonce), gas, to: transaction.to, data: transaction.data, value: transaction.value ?? 0n, ...fees,
  } satisfies TransactionSerializableEIP1559;
  const raw = serializeTransaction(unsigned, sign(keccak256(serializeTransaction(unsigned))));
  const hash = await broadcast(rpc, raw);
  return waitUntilMined(rpc, hash, call);
}

/** @param call what it did, to find out why when it reverted. */
export async function waitUntilMined(rpc: Rpc, hash: Hex, call?: { from: Address; to: Address; data: Hex; value: Hex }): Promise<Receipt> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    // What was sent is on its way: an endpoint that is away for a moment must not make somebody send it twice.
    const receipt = await receiptOf(rpc, hash).catch((problem: unknown) => {
      if (problem instanceof ChainUnavailable) return undefined;
      throw problem;
    });
    if (receipt?.succeeded) return receipt;
    if (receipt !== undefined) {
      if (call !== undefined) await callAt(rpc, call, numberToHex(receipt.blockNumber)); // Throws the reason, if it still holds.
      throw reverted(undefined, `The transaction ${hash} was mined and refused.`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`The transaction ${hash} was sent and is not mined yet. It may still be: look again before you repeat it.`);
}

async function estimate(rpc: Rpc, call: object): Promise<bigint> {
  try {
    return ((await rpc.quantity("eth_estimateGas", call)) * 5n) / 4n;
  } catch (problem) {
    throw problem instanceof RpcRefused ? outOfGas(problem) : problem;
  }
}

async function broadcast(rpc: Rpc, raw: Hex): Promise<Hex> {
  try {
    return await rpc.ask<Hex>("eth_sendRawTransaction", raw);
  } catch (problem) {
    if (problem instanceof RpcRefused && /already known|already imported/i.test(problem.message)) return keccak256(raw);
    throw problem instanceof RpcRefused ? outOfGas(problem) : problem;
  }
}

function outOfGas(problem: RpcRefused): Error {
  if (problem.data !== undefined) return reverted(problem.data);
  return /insufficient funds|InsufficientFunds|insufficient balance/i.test(problem.message)
    ? reverted(undefined, "This account has too little of the chain's own currency to pay for the transaction. Put some there first; on a trial the account page does it for you.")
    : problem;
}
