/**
 * Recomputes in this browser what the transparency page shows.
 *
 * Guarantee: a check that is reported as held was made here, from the guardians' own logs, the public lists and the chain's events.
 * Trust: the chain endpoint. A release that a guardian did not log cannot be seen from outside; it takes as many dishonest
 * guardians as the threshold for that to be of use to anyone.
 */
import { decodeFunctionResult, encodeFunctionData } from "viem";
import { contributionRegistryAbi } from "../chain/abi.ts";
import { checkBatches, checkLogs, checkPayments, checkReleases, type ManifestSource, type Transcript } from "./checks.ts";
import { History, type Contracts } from "./history.ts";
import { BrokenLog, LogVerifier, type LogLine } from "./log-line.ts";
import type { Report } from "./report.ts";
import type { Chain } from "./rpc.ts";

export type { Check, Finding, Report } from "./report.ts";

export interface Subject {
  /** From 1. */
  readonly index: number;
  /** Where it answers; without it its log cannot be checked. */
  readonly url: string | undefined;
  /** What the node read of its log. */
  readonly known: { readonly lines: number; readonly head: string } | undefined;
}

export interface Sources {
  readonly chain: Chain;
  readonly chainId: number;
  /** Already held against the chain: see `verifiedDao`. */
  readonly contracts: Contracts;
  /** No event of the DAO is older. */
  readonly firstBlock: number;
  readonly guardians: readonly Subject[];
  /** One page of a log from a sequence number on; lines without their line feeds, none at its end. */
  readonly log: (url: string, from: number) => Promise<readonly string[]>;
  readonly manifest: ManifestSource;
}

/** `of` is undefined while nobody knows how much there is. */
export type Progress = (step: string, done: number, of: number | undefined) => void;

/** Blocks whose hashes are fetched; a log that names more of them is checked as far. */
const mostBlocks = 20_000;

export async function verify(sources: Sources, progress: Progress): Promise<Report> {
  const { chain, contracts } = sources;
  // Logs first: what they hold was released on blocks that the history, read afterwards, already knows.
  const logs: Transcript[] = [];
  for (const subject of sources.guardians) {
    progress(`Reading the log of guardian ${subject.index}`, 0, undefined);
    logs.push(await readLog(subject, sources.log, (lines) => progress(`Reading the log of guardian ${subject.index}`, lines, subject.known?.lines)));
  }
  const block = await chain.head();
  const firstLogs = "Reading the chain's events";
  progress(firstLogs, 0, undefined);
  const events = await chain.logs([contracts.market, contracts.registry, contracts.pool], sources.firstBlock, block, (at) => progress(firstLogs, at - sources.firstBlock + 1, block - sources.firstBlock + 1));
  const history = new History(contracts, events);

  const named = [...new Set(logs.flatMap((log) => log.lines.map((line) => line.block)))];
  const wanted = named.slice(0, mostBlocks);
  const headers = await chain.headers(wanted, (done) => progress("Looking up the blocks that releases name", done, wanted.length));
  const batchCount = Number(await read(chain, contracts.registry, "batchCount"));
  const head = String(await read(chain, contracts.registry, "head")).toLowerCase();
  const [batches, rewards] = await checkBatches(
    history, batchCount, head, sources.chainId, contracts.registry, sources.manifest, (done) => progress("Recomputing Merkle roots", done, batchCount));
  return {
    block,
    checks: [checkLogs(logs), checkReleases(logs, history, headers, new Set(named.slice(mostBlocks))), batches, rewards, checkPayments(history, contracts.market)],
  };
}

async function readLog(subject: Subject, log: Sources["log"], progress: (lines: number) => void): Promise<Transcript> {
  const verifier = new LogVerifier();
  const lines: LogLine[] = [];
  let broken: string | undefined;
  let silent: string | undefined;
  if (subject.url === undefined) silent = "This node does not say where it answers.";
  else
    try {
      for (let before = -1; before < verifier.count;) {
        before = verifier.count;
        for (const line of await log(subject.url, before)) lines.push(verifier.accept(line));
        progress(verifier.count);
      }
    } catch (problem) {
      if (problem instanceof BrokenLog) broken = problem.message;
      else silent = `Its log could not be read: ${problem instanceof Error ? problem.message : String(problem)}`;
    }
  return { guardian: subject.index, lines, head: verifier.head, broken, silent, known: subject.known };
}

async function read(chain: Chain, registry: string, functionName: "batchCount" | "head"): Promise<unknown> {
  const data = encodeFunctionData({ abi: contributionRegistryAbi, functionName });
  return decodeFunctionResult({ abi: contributionRegistryAbi, functionName, data: await chain.call(registry, data) });
}
