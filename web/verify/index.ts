/**
 * Recomputes in this browser what the transparency page shows.
 *
 * Guarantee: a check that is reported as held was made here, from the guardians' own logs, the public lists and the chain's events.
 * Trust: the chain endpoint. A release that a guardian did not log cannot be seen from outside; it takes as many dishonest
 * guardians as the threshold for that to be of use to anyone.
 */
import { checkBatches, checkLogs, checkPayments, checkReleases, type ManifestSource } from "./checks.ts";
import { checkHistory, mostCounted, readCounters } from "./counters.ts";
import { History, type Contracts } from "./history.ts";
import { readLog, type LogSource, type Subject } from "./read-log.ts";
import type { Report } from "./report.ts";
import type { Chain } from "./rpc.ts";

export type { Check, Finding, Report } from "./report.ts";

export type { Subject } from "./read-log.ts";

export interface Sources {
  readonly chain: Chain;
  readonly chainId: number;
  /** Already held against the chain: see `verifiedDao`. */
  readonly contracts: Contracts;
  /** No event of the DAO is older, says the node; what it hides by that, the contracts' counts show. */
  readonly firstBlock: number;
  readonly guardians: readonly Subject[];
  readonly log: LogSource;
  readonly manifest: ManifestSource;
}

/** `of` is undefined while nobody knows how much there is. */
export type Progress = (step: string, done: number, of: number | undefined) => void;

/** Blocks whose hashes are fetched; a log that names more of them is checked as far. */
const mostBlocks = 20_000;

export async function verify(sources: Sources, progress: Progress): Promise<Report> {
  const { chain, contracts } = sources;
  // Logs first: what they hold was released on blocks that the history, read afterwards, already knows.
  // All at once: one that dawdles keeps nobody waiting longer than its own time.
  const read = new Map<number, number>();
  const expected = sources.guardians.reduce((sum, { known }) => sum + (known?.lines ?? 0), 0);
  progress("Reading the guardians’ logs", 0, undefined);
  const logs = await Promise.all(sources.guardians.map((subject) => readLog(subject, sources.log, (lines) => {
    const sum = [...read.set(subject.index, lines).values()].reduce((all, one) => all + one, 0);
    progress("Reading the guardians’ logs", sum, Math.max(sum, expected));
  })));
  const block = await chain.head();
  const firstLogs = "Reading the chain's events";
  progress(firstLogs, 0, undefined);
  const events = await chain.logs([contracts.market, contracts.registry, contracts.pool], sources.firstBlock, block, (at) => progress(firstLogs, at - sources.firstBlock + 1, block - sources.firstBlock + 1));
  const history = new History(contracts, events);

  const named = [...new Set(logs.flatMap((log) => log.lines.map((line) => line.block)))];
  const wanted = named.slice(0, mostBlocks);
  const headers = await chain.headers(wanted, (done) => progress("Looking up the blocks that releases name", done, wanted.length));
  const counters = await readCounters(chain, contracts, block);
  const complete = await checkHistory(chain, contracts, history, counters, block, sources.firstBlock, (done, of) => progress("Holding the events against the contracts", done, of));
  const batchCount = Math.min(counters.batches, mostCounted);
  const [batches, rewards] = await checkBatches(
    history, batchCount, batchCount < counters.batches ? undefined : counters.head, sources.chainId, contracts.registry, sources.manifest,
    (done) => progress("Recomputing Merkle roots", done, batchCount));
  return {
    block,
    checks: [complete, checkLogs(logs), checkReleases(logs, history, headers, new Set(named.slice(mostBlocks))), batches, rewards, checkPayments(history, contracts.market)],
  };
}
