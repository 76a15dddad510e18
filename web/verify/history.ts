import { decodeEventLog, type Hex } from "viem";
import { accessMarketAbi, contributionRegistryAbi, revenuePoolAbi } from "../chain/abi.ts";
import type { RawLog } from "./rpc.ts";

/** The contracts whose events tell what happened. */
export interface Contracts {
  readonly market: string;
  readonly registry: string;
  readonly pool: string;
}

export interface Batch {
  readonly id: number;
  readonly block: number;
  readonly root: string;
  readonly structHash: string;
  readonly count: number;
  readonly points: bigint;
  readonly rewardRoot: string;
  readonly rewardPoints: bigint;
}

/** A request or grant over time. */
export interface Grant {
  readonly id: number;
  readonly termsHash: string;
  readonly scope: number;
  readonly isSale: boolean;
  readonly price: bigint;
  readonly renewals: number;
  readonly ends: { readonly block: number; readonly endsAt: number }[];
  revokedAt: number | undefined;
  renewed: number;
  collected: bigint;
  refunded: bigint;
  /** The buyer took the price back, or what a revoked grant had not earned. */
  isRefunded: boolean;
}

/** Money that came to the pool, and how it was split. */
export interface Payment {
  readonly id: number;
  readonly place: string;
  readonly currency: string;
  readonly payer: string;
  readonly members: bigint;
  readonly operators: bigint;
  readonly treasury: bigint;
  readonly splitId: number;
  /** What the market says it paid in, of which grant; undefined when somebody else paid. */
  readonly collected: { readonly grant: number; readonly currency: string; readonly amount: bigint } | undefined;
}

export interface Split {
  readonly operatorsBps: bigint;
  readonly treasuryBps: bigint;
}

/** Grants, batches, withdrawals and payments with the blocks at which they came to be: what was allowed at any block. */
export class History {
  readonly grants = new Map<number, Grant>();
  readonly batches = new Map<number, Batch>();
  readonly payments: Payment[] = [];
  readonly splits = new Map<number, Split>();
  /** Sums that members took, by currency. */
  readonly claimed = new Map<string, bigint>();
  /** Points that accounts claimed as tokens. */
  minted = 0n;
  /** Block of a withdrawal, by batch and index. */
  readonly #withdrawals = new Map<number, Map<number, number>>();

  constructor(contracts: Contracts, logs: readonly RawLog[]) {
    const readers = new Map<string, (log: RawLog, before: RawLog | undefined) => void>([
      [contracts.market.toLowerCase(), (log) => this.#market(log)],
      [contracts.registry.toLowerCase(), (log) => this.#registry(log)],
      [contracts.pool.toLowerCase(), (log, before) => this.#pool(log, contracts.market.toLowerCase(), before)],
    ]);
    let collected: RawLog | undefined;
    for (const log of logs) {
      readers.get(log.address)?.(log, collected?.transactionHash === log.transactionHash ? collected : undefined);
      // The market says what it collected, and in the same transaction the pool how it was split.
      if (log.address === contracts.market.toLowerCase() && eventOf(accessMarketAbi, log)?.eventName === "RevenueCollected") collected = log;
      else if (log.address === contracts.pool.toLowerCase() && eventOf(revenuePoolAbi, log)?.eventName === "RevenueDistributed") collected = undefined;
    }
  }

  /** When the grant was to end, as of a block; undefined when it was not granted yet, or revoked. */
  endsAtAsOf(grant: Grant, block: number): number | undefined {
    if (grant.revokedAt !== undefined && grant.revokedAt <= block) return undefined;
    return grant.ends.filter((end) => end.block <= block).at(-1)?.endsAt;
  }

  isWithdrawnAt(batch: number, index: number, block: number): boolean {
    const at = this.#withdrawals.get(batch)?.get(index);
    return at !== undefined && at <= block;
  }

  /** The contributions of a batch that were ever withdrawn. */
  withdrawnOf(batch: number): ReadonlySet<number> {
    return new Set(this.#withdrawals.get(batch)?.keys());
  }

  #market(log: RawLog): void {
    const event = eventOf(accessMarketAbi, log);
    switch (event?.eventName) {
      case "AccessRequested": {
        const { requestId, termsHash, terms } = event.args;
        this.grants.set(Number(requestId), {
          id: Number(requestId), termsHash: termsHash.toLowerCase(), scope: Number(terms.scope), isSale: terms.pricing === 0, price: terms.price,
          renewals: terms.renewals, ends: [], revokedAt: undefined, renewed: 0, collected: 0n, refunded: 0n, isRefunded: false,
        });
        break;
      }
      case "GrantOpened":
        this.grants.get(Number(event.args.grantId))?.ends.push({ block: log.blockNumber, endsAt: Number(event.args.endsAt) });
        break;
      case "GrantRenewed": {
        const grant = this.grants.get(Number(event.args.grantId));
        grant?.ends.push({ block: log.blockNumber, endsAt: Number(event.args.endsAt) });
        if (grant !== undefined) grant.renewed++;
        break;
      }
      case "GrantRevoked": {
        const grant = this.grants.get(Number(event.args.grantId));
        if (grant !== undefined) grant.revokedAt = log.blockNumber;
        break;
      }
      case "RevenueCollected": {
        const grant = this.grants.get(Number(event.args.grantId));
        if (grant !== undefined) grant.collected += event.args.amount;
        break;
      }
      case "EscrowRefunded": {
        const grant = this.grants.get(Number(event.args.grantId));
        if (grant === undefined) break;
        grant.refunded += event.args.amount;
        grant.isRefunded = true;
        break;
      }
    }
  }

  #registry(log: RawLog): void {
    const event = eventOf(contributionRegistryAbi, log);
    if (event?.eventName === "BatchCommitted") {
      const { batchId, root, structHash, count, points, rewardRoot, rewardPoints } = event.args;
      this.batches.set(Number(batchId), {
        id: Number(batchId), block: log.blockNumber, root: root.toLowerCase(), structHash: structHash.toLowerCase(), count, points,
        rewardRoot: rewardRoot.toLowerCase(), rewardPoints,
      });
    } else if (event?.eventName === "ContributionWithdrawn") {
      const batch = Number(event.args.batchId);
      const withdrawn = this.#withdrawals.get(batch) ?? new Map<number, number>();
      this.#withdrawals.set(batch, withdrawn.set(event.args.index, log.blockNumber));
    } else if (event?.eventName === "RewardClaimed") {
      this.minted += event.args.points;
    }
  }

  #pool(log: RawLog, market: string, before: RawLog | undefined): void {
    const event = eventOf(revenuePoolAbi, log);
    if (event?.eventName === "RevenueDistributed") {
      const { distributionId, currency, payer, members, operators, treasury, splitId } = event.args;
      const collected = before !== undefined && payer.toLowerCase() === market ? eventOf(accessMarketAbi, before) : undefined;
      this.payments.push({
        id: Number(distributionId), place: `Block ${log.blockNumber}`, currency: currency.toLowerCase(), payer: payer.toLowerCase(), members, operators, treasury,
        splitId: Number(splitId),
        collected: collected?.eventName === "RevenueCollected"
          ? { grant: Number(collected.args.grantId), currency: collected.args.currency.toLowerCase(), amount: collected.args.amount } : undefined,
      });
    } else if (event?.eventName === "SplitChanged") {
      this.splits.set(Number(event.args.splitId), { operatorsBps: BigInt(event.args.split.operatorsBps), treasuryBps: BigInt(event.args.split.treasuryBps) });
    } else if (event?.eventName === "RevenueClaimed") {
      const currency = event.args.currency.toLowerCase();
      this.claimed.set(currency, (this.claimed.get(currency) ?? 0n) + event.args.amount);
    }
  }
}

function eventOf<const A extends typeof accessMarketAbi | typeof contributionRegistryAbi | typeof revenuePoolAbi>(abi: A, log: RawLog) {
  try {
    return decodeEventLog({ abi, topics: [...log.topics] as [Hex, ...Hex[]], data: log.data, strict: true });
  } catch {
    // An event that these contracts have and this check does not need.
    return undefined;
  }
}
