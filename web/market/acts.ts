import { encodeFunctionData, hexToBytes, decodeEventLog, type Address } from "viem";
import { accessMarketAbi, erc20Abi } from "../chain/abi.ts";
import { chain } from "../chain/index.ts";
import type { VerifiedDao } from "../chain/index.ts";
import { withSigner } from "../keys/index.ts";
import type { Signer } from "../keys/index.ts";
import { problemOf } from "../shared/node.ts";
import { toHex } from "../open/hex.ts";
import { allowanceOf, haveFees, permitFor } from "./money.ts";
import type { Money } from "./money.ts";
import { toStruct } from "./terms.ts";
import type { GrantTerms, Hex } from "./terms.ts";

/** What the chain says of a request or grant. */
export interface ChainGrant {
  readonly state: "none" | "requested" | "granted" | "refunded" | "revoked";
  readonly termsHash: Hex;
  readonly buyer: Address;
  readonly grantedAt: number;
  readonly endsAt: number;
  readonly isRent: boolean;
  readonly renewals: number;
  readonly renewalsUsed: number;
  readonly isUnearnedReturned: boolean;
  readonly currency: Address;
  readonly price: bigint;
  readonly collected: bigint;
  /** What a rent has earned until now; for a sale the whole price once it is granted. */
  readonly earned: bigint;
}

const states = ["none", "requested", "granted", "refunded", "revoked"] as const;

export async function grantOf(dao: VerifiedDao, id: number): Promise<ChainGrant> {
  const market = { address: dao.contracts.market, abi: accessMarketAbi };
  const [grant, earned] = await Promise.all([chain().read(market, "grantAt", [BigInt(id)]), chain().read(market, "earned", [BigInt(id)])]);
  return {
    ...grant, earned, state: states[grant.state] ?? "none", grantedAt: Number(grant.grantedAt), endsAt: Number(grant.endsAt), isRent: grant.pricing === 1,
    isUnearnedReturned: grant.unearnedReturned,
  };
}

/** Gives the node the text of a purpose, before or after its request is made. */
export async function putPurpose(text: string, digest: Hex): Promise<void> {
  const response = await fetch(`/v1/purposes/${digest}`, { method: "PUT", headers: { "content-type": "text/plain; charset=utf-8" }, body: text });
  if (!response.ok) throw await problemOf(response);
}

/**
 * Makes a request: the price goes into escrow on exactly these terms. Gives its number.
 *
 * A currency with permits takes one signature and one transaction; another takes an allowance of exactly the price first, because an
 * open-ended one would outlive the request. An allowance that is there already, because somebody was interrupted after it, is used.
 */
export function makeRequest(dao: VerifiedDao, terms: GrantTerms, money: Money, sentence: string, say: (text: string) => void): Promise<number> {
  return withSigner(sentence, async (signer) => {
    await haveFees(dao, signer.address);
    const struct = toStruct(terms);
    const price = BigInt(terms.price);
    let data = encodeFunctionData({ abi: accessMarketAbi, functionName: "request", args: [struct] });
    const allowed = price === 0n ? 0n : await allowanceOf(money.address, signer.address, dao.contracts.market);
    if (allowed < price) {
      const deadline = BigInt((await chain().blockTime()) + 3600);
      const permit = await permitFor(dao.chainId, money, signer.address, dao.contracts.market, price, deadline);
      if (permit !== undefined) {
        say("Sign that the market may take the price.");
        const signature = hexToBytes(await signer.signTypedData(permit));
        const [r, s, v] = [toHex(signature.slice(0, 32)), toHex(signature.slice(32, 64)), signature[64]!];
        data = encodeFunctionData({ abi: accessMarketAbi, functionName: "requestWithPermit", args: [struct, deadline, v < 27 ? v + 27 : v, r, s] });
      } else {
        await allow(dao, signer, money.address, price, allowed, say);
      }
    }
    say("Sending the request. This takes until it is on the chain.");
    return numberOf(dao, await signer.sendTransaction({ to: dao.contracts.market, data }));
  });
}

/** Lets the market take exactly so much. Some currencies (the oldest of the dollars) change an allowance only by way of none at all. */
async function allow(dao: VerifiedDao, signer: Signer, currency: Address, amount: bigint, before: bigint, say: (text: string) => void = () => undefined): Promise<void> {
  const approve = (value: bigint) => ({ to: currency, data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [dao.contracts.market, value] }) });
  const isByWayOfNone = before > 0n && !(await chain().wouldPass({ from: signer.address, ...approve(amount) }));
  if (isByWayOfNone) {
    say("First of three transactions: what was allowed before is taken back, as this currency asks.");
    await signer.sendTransaction(approve(0n));
  }
  say(`${isByWayOfNone ? "Second of three" : "First of two"} transactions: the market is allowed to take exactly the price.`);
  await signer.sendTransaction(approve(amount));
}

/** The number that the market gave a request, from its transaction's own event. */
async function numberOf(dao: VerifiedDao, transaction: Hex): Promise<number> {
  const receipt = await chain().receipt(transaction);
  for (const log of receipt?.logs ?? []) {
    if (log.address !== dao.contracts.market) continue;
    try {
      const { eventName, args } = decodeEventLog({ abi: accessMarketAbi, topics: log.topics, data: log.data });
      if (eventName === "AccessRequested") return Number(args.requestId);
    } catch {
      // Another event than those of the ABI.
    }
  }
  throw new Error(`The transaction ${transaction} is on the chain, but it made no request.`);
}

/** Pays back: the buyer's own price before approval, or the unearned rent after the members ended the grant. */
export const refund = (dao: VerifiedDao, id: number, sentence: string): Promise<Hex> => act(dao, id, sentence, "refund");

/** Moves what a rent has earned to the members, operators and treasury; anybody may. */
export const collect = (dao: VerifiedDao, id: number, sentence: string): Promise<Hex> => act(dao, id, sentence, "collect");

/** Prolongs a rent by one duration for the same price. */
export function renew(dao: VerifiedDao, id: number, grant: ChainGrant, sentence: string): Promise<Hex> {
  return act(dao, id, sentence, "renew", async (signer) => {
    const allowed = await allowanceOf(grant.currency, signer.address, dao.contracts.market);
    if (allowed < grant.price) await allow(dao, signer, grant.currency, grant.price, allowed);
  });
}

function act(dao: VerifiedDao, id: number, sentence: string, functionName: "refund" | "collect" | "renew", before?: (signer: Signer) => Promise<void>): Promise<Hex> {
  return withSigner(sentence, async (signer) => {
    await haveFees(dao, signer.address);
    await before?.(signer);
    return signer.sendTransaction({ to: dao.contracts.market, data: encodeFunctionData({ abi: accessMarketAbi, functionName, args: [BigInt(id)] }) });
  });
}
