/**
 * Holds the events that were read against what the contracts count.
 *
 * Where to begin reading is the node's word, and which events there are the endpoint's: whoever leaves some out must be noticed. The contracts
 * keep a count, a state or a sum for all that the other checks rest on; each is read at the block up to which events were read.
 */
import { decodeFunctionResult, encodeFunctionData, type Hex } from "viem";
import { accessMarketAbi, contributionRegistryAbi, revenuePoolAbi } from "../chain/abi.ts";
import type { Contracts, Grant, History } from "./history.ts";
import { Findings, count, type Check } from "./report.ts";
import type { Chain } from "./rpc.ts";

export interface Counters {
  readonly batches: number;
  /** What validators signed last. */
  readonly head: string;
  readonly requests: number;
  readonly payments: number;
  readonly splits: number;
  /** Points that were claimed as tokens. */
  readonly minted: bigint;
}

/** Of each kind; more are looked at only by `commonhold audit`. */
export const mostCounted = 20_000;

const market = { name: "market", abi: accessMarketAbi } as const;
const registry = { name: "registry", abi: contributionRegistryAbi } as const;
const pool = { name: "pool", abi: revenuePoolAbi } as const;

interface Question {
  readonly of: { readonly name: keyof Contracts; readonly abi: readonly unknown[] };
  readonly view: string;
  readonly args?: readonly unknown[];
}

type Progress = (done: number, of: number) => void;

export async function readCounters(chain: Chain, contracts: Contracts, block: number): Promise<Counters> {
  const [batches, head, requests, payments, split, minted] = (await ask(chain, contracts, block, [
    { of: registry, view: "batchCount" }, { of: registry, view: "head" }, { of: market, view: "grantCount" },
    { of: pool, view: "distributionCount" }, { of: pool, view: "currentSplitId" }, { of: registry, view: "mintedPoints" },
  ])) as [bigint, Hex, bigint, bigint, bigint, bigint];
  return { batches: Number(batches), head: head.toLowerCase(), requests: Number(requests), payments: Number(payments), splits: Number(split) + 1, minted };
}

/** Nothing that the contracts count, and no change of a state that they keep, is missing from what was read. */
export async function checkHistory(
  chain: Chain, contracts: Contracts, history: History, counters: Counters, block: number, firstBlock: number, progress: Progress,
): Promise<Check> {
  const findings = new Findings();
  const from = `was read from block ${firstBlock} on`;
  const counted: [string, number, ReadonlySet<number>][] = [
    ["Batches", counters.batches, new Set(history.batches.keys())], ["Requests", counters.requests, new Set(history.grants.keys())],
    ["Payments", counters.payments, new Set(history.payments.map(({ id }) => id))], ["Splits", counters.splits, new Set(history.splits.keys())],
  ];
  for (const [what, number, seen] of counted) {
    const missing = gaps(number, seen);
    if (missing !== "") findings.fault(what, `The contract counts ${number.toLocaleString("en")}; no event of number ${missing} ${from}.`);
    if (seen.size > number) findings.fault(what, `The contract counts ${number.toLocaleString("en")}, and ${seen.size.toLocaleString("en")} were read.`);
    if (number > mostCounted) findings.open(what, `Of ${number.toLocaleString("en")}, the first ${mostCounted.toLocaleString("en")} were held against the contract's state.`);
  }
  if (history.minted !== counters.minted) findings.fault("Rewards", `The contract paid out ${counters.minted} points; claims of ${history.minted} ${from}.`);
  try {
    await checkStates(findings, chain, contracts, history, block, progress);
  } catch (problem) {
    findings.open("Contracts", `Their state at block ${block} could not be read: ${problem instanceof Error ? problem.message : String(problem)}`);
  }
  const all = counters.batches + counters.requests + counters.payments + counters.splits;
  return findings.toCheck("history", "Nothing that the contracts count is missing from the events that were read.", count(all, "entry", "entries"));
}

async function checkStates(findings: Findings, chain: Chain, contracts: Contracts, history: History, block: number, progress: Progress): Promise<void> {
  const grants = first(history.grants.values());
  const payments = first(history.payments);
  const batches = first(history.batches.values());
  const of = grants.length + payments.length + batches.length;
  const states = await ask(chain, contracts, block, grants.map(({ id }) => ({ of: market, view: "grantAt", args: [BigInt(id)] })), (done) => progress(done, of));
  grants.forEach((grant, i) => checkGrant(findings, grant, states[i] as GrantState));

  const remains = await ask(
    chain, contracts, block, payments.map(({ currency, id }) => ({ of: pool, view: "distributionAt", args: [currency, BigInt(id)] })), (done) => progress(grants.length + done, of));
  const left = new Map<string, bigint>();
  payments.forEach(({ currency, members }, i) => left.set(currency, (left.get(currency) ?? 0n) + members - (remains[i] as { remaining: bigint }).remaining));
  if (payments.length === history.payments.length)
    for (const [currency, taken] of left) {
      const claimed = history.claimed.get(currency) ?? 0n;
      if (claimed !== taken) findings.fault(`Currency ${currency}`, `The pool paid ${taken} to members; claims of ${claimed} were read.`);
    }

  const words = await ask(
    chain, contracts, block, batches.map((batch) => ({ of: registry, view: "withdrawnWords", args: [BigInt(batch.id), 0n, BigInt(Math.ceil(batch.count / 256))] })),
    (done) => progress(grants.length + payments.length + done, of));
  batches.forEach(({ id }, i) => {
    const [here, there] = [history.withdrawnOf(id), bits(words[i] as readonly bigint[])];
    const [unread, unknown] = [there.filter((index) => !here.has(index)), [...here].filter((index) => !there.includes(index))];
    if (unread.length > 0) findings.fault(`Batch ${id}`, `The contract has contribution ${unread.slice(0, 10).join(", ")} as withdrawn; no event of it was read.`);
    if (unknown.length > 0) findings.fault(`Batch ${id}`, `A withdrawal of contribution ${unknown.slice(0, 10).join(", ")} was read that the contract does not know.`);
  });
}

interface GrantState {
  readonly state: number;
  readonly termsHash: string;
  readonly endsAt: bigint;
  readonly renewalsUsed: number;
  readonly collected: bigint;
}

/** In the order of `IAccessMarket.State`. */
const states = ["unknown", "requested", "granted", "refunded", "revoked"];

function checkGrant(findings: Findings, grant: Grant, told: GrantState): void {
  const where = `Request ${grant.id}`;
  const read = grant.revokedAt !== undefined ? 4 : grant.ends.length > 0 ? 2 : grant.isRefunded ? 3 : 1;
  if (told.termsHash.toLowerCase() !== grant.termsHash) findings.fault(where, `The contract has it for terms ${told.termsHash}; terms ${grant.termsHash} were read.`);
  if (told.state !== read) findings.fault(where, `The contract has it as ${states[told.state] ?? told.state}; by the events it is ${states[read]}.`);
  const ends = grant.ends.at(-1)?.endsAt ?? 0;
  if (read === 2 && Number(told.endsAt) !== ends) findings.fault(where, `The contract ends it at ${told.endsAt}, the events at ${ends}.`);
  if (told.renewalsUsed !== grant.renewed) findings.fault(where, `The contract counts ${count(told.renewalsUsed, "renewal")}; ${grant.renewed} were read.`);
  if (told.collected !== grant.collected) findings.fault(where, `The contract paid on ${told.collected}; payments of ${grant.collected} were read.`);
}

async function ask(chain: Chain, contracts: Contracts, block: number, questions: readonly Question[], progress: (done: number) => void = () => {}): Promise<unknown[]> {
  const answers = await chain.calls(
    questions.map(({ of, view, args }) => ({ to: contracts[of.name], data: encodeFunctionData({ abi: of.abi, functionName: view, args: args ?? [] } as never) })), block, progress);
  return answers.map((data, i) => decodeFunctionResult({ abi: questions[i]!.of.abi, functionName: questions[i]!.view, data } as never));
}

function first<T>(values: Iterable<T>): T[] {
  return [...values].slice(0, mostCounted);
}

function bits(words: readonly bigint[]): number[] {
  const set: number[] = [];
  words.forEach((word, at) => {
    for (let bit = 0; word >> BigInt(bit) > 0n; bit++) if ((word >> BigInt(bit)) & 1n) set.push(at * 256 + bit);
  });
  return set;
}

/** The numbers below a count that are not there: "0–3, 7", and how it goes on when there are many. */
function gaps(number: number, seen: ReadonlySet<number>): string {
  const found: string[] = [];
  for (let id = 0; id < number && found.length < 10; id++) {
    if (seen.has(id)) continue;
    const start = id;
    // Beyond the last one that was read everything is missing, however much is counted.
    while (id + 1 < number && !seen.has(id + 1)) {
      if (id - start > mostCounted) id = number - 2;
      id++;
    }
    found.push(start === id ? `${start}` : `${start} to ${id}`);
  }
  return found.length < 10 ? found.join(", ") : `${found.join(", ")} …`;
}
