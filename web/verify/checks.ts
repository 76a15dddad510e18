import { hashWords } from "../market/words.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { toHex } from "../open/hex.ts";
import { readManifest } from "../open/manifest.ts";
import type { Batch, History } from "./history.ts";
import { noDigest, type LogLine } from "./log-line.ts";
import { Findings, count, type Check } from "./report.ts";
import { RewardTree } from "./reward-tree.ts";
import type { Header } from "./rpc.ts";

/** One guardian's log as it was fetched: the lines that follow one another, and why it ends there if it should not. */
export interface Transcript {
  readonly guardian: number;
  readonly lines: readonly LogLine[];
  readonly head: string;
  readonly broken: string | undefined;
  /** Why it could not be read, or not to its end. */
  readonly silent: string | undefined;
  /** Where this node says that the log was when it last read it. */
  readonly known: { readonly lines: number; readonly head: string } | undefined;
}

const bps = 10_000n;
const listsAtOnce = 8;
const batchType = toHex(keccak_256(utf8ToBytes(
  "Batch(uint256 batchId,bytes32 previous,bytes32 root,uint32 count,uint256 points,bytes32 rewardRoot,uint256 rewardPoints)")));

/** Every log is an unbroken chain, and still holds what the node read of it. */
export function checkLogs(logs: readonly Transcript[]): Check {
  const findings = new Findings();
  for (const log of logs) {
    const where = `Guardian ${log.guardian}`;
    if (log.broken !== undefined) findings.fault(where, log.broken);
    if (log.silent !== undefined) findings.open(where, log.silent);
    const { known } = log;
    if (known === undefined || log.broken !== undefined || log.silent !== undefined) continue;
    if (known.lines > log.lines.length)
      findings.fault(where, `The node read ${count(known.lines, "line")} of this log; the guardian now shows ${log.lines.length}.`);
    else if (known.lines > 0 && log.lines[known.lines - 1]!.digest !== known.head)
      findings.fault(where, `Line ${known.lines - 1} has the digest ${log.lines[known.lines - 1]!.digest} here, and ${known.head} in the node's record.`);
  }
  const lines = logs.reduce((sum, log) => sum + log.lines.length, 0);
  return findings.toCheck("logs", "Every guardian’s log is one unbroken chain, and is the log that this node read.", `${count(logs.length, "log")}, ${count(lines, "line")}`);
}

/** Every release was allowed by the chain at the block that it names. */
export function checkReleases(logs: readonly Transcript[], history: History, headers: ReadonlyMap<number, Header>, unseen: ReadonlySet<number>): Check {
  const findings = new Findings();
  for (const log of logs)
    for (const line of log.lines) {
      const where = `Guardian ${log.guardian}, line ${line.sequence}`;
      const header = headers.get(line.block);
      if (unseen.has(line.block)) findings.open(where, `Block ${line.block} was not fetched.`);
      else if (header?.hash !== line.blockHash) findings.fault(where, `Block ${line.block} is not ${line.blockHash} on this chain.`);
      const grant = history.grants.get(line.grantId);
      const endsAt = grant === undefined ? undefined : history.endsAtAsOf(grant, line.block);
      if (grant === undefined || endsAt === undefined) {
        findings.fault(where, `Grant ${line.grantId} was not open at block ${line.block}.`);
        continue;
      }
      if (grant.termsHash !== line.termsHash) findings.fault(where, `Grant ${line.grantId} was made for terms ${grant.termsHash}, not ${line.termsHash}.`);
      if (header !== undefined && header.timestamp >= endsAt) findings.fault(where, `Grant ${line.grantId} had ended before block ${line.block}.`);
      const batch = history.batches.get(line.batchId);
      if (line.batchId >= grant.scope || batch === undefined || batch.block > line.block) {
        findings.fault(where, `Batch ${line.batchId} was not in the scope of grant ${line.grantId} at block ${line.block}.`);
        continue;
      }
      for (const index of line.indices) {
        if (index >= batch.count) findings.fault(where, `Batch ${line.batchId} has ${count(batch.count, "contribution")}, and no number ${index}.`);
        else if (history.isWithdrawnAt(line.batchId, index, line.block)) findings.fault(where, `Contribution ${index} of batch ${line.batchId} was withdrawn before block ${line.block}.`);
      }
    }
  const lines = logs.flatMap((log) => log.lines);
  const answers = lines.reduce((sum, line) => sum + line.indices.length, 0);
  return findings.toCheck("releases", "Every release was covered by a grant that was open at that block.", `${count(lines.length, "release")}, ${count(answers, "answer")}`);
}

/** What of a batch comes from elsewhere than the chain, which says how many contributions are in it. */
export type ManifestSource = (batch: number, count: number) => Promise<unknown>;

/** Gives the lists in the order of the batches, and asks for the next few meanwhile: a node far away is waited for once, not once a batch. */
function readAhead(history: History, batchCount: number, manifest: ManifestSource): (batch: number) => Promise<unknown> {
  const asked = new Map<number, Promise<unknown>>();
  return (id) => {
    for (let next = id; next < Math.min(id + listsAtOnce, batchCount); next++) {
      const batch = history.batches.get(next);
      if (batch === undefined || asked.has(next)) continue;
      const answer = manifest(next, batch.count);
      answer.catch(() => undefined); // Heard when its turn comes.
      asked.set(next, answer);
    }
    const answer = asked.get(id);
    asked.delete(id);
    return answer!;
  };
}

/** Every batch's manifest hashes to its root on chain, points add up, and the tree of rewards follows from them. */
export async function checkBatches(
  history: History, batchCount: number, chainHead: string | undefined, chainId: number, registry: string, manifest: ManifestSource, progress: (done: number) => void,
): Promise<[Check, Check]> {
  const roots = new Findings();
  const rewards = new Findings();
  const tree = new RewardTree();
  const lists = readAhead(history, batchCount, manifest);
  let previous = noDigest;
  let leaves = 0;
  let isWhole = true;
  for (let id = 0; id < batchCount; id++) {
    const where = `Batch ${id}`;
    const batch = history.batches.get(id);
    if (batch === undefined) {
      roots.fault(where, "The chain counts it, and shows no event of it.");
      isWhole = false;
      continue;
    }
    if (structHash(batch, previous) !== batch.structHash) roots.fault(where, `It was signed as ${batch.structHash}, which does not follow from its parts and the batch before.`);
    previous = batch.structHash;
    try {
      const read = readManifest(await lists(id), chainId, registry, id, batch);
      leaves += read.length;
      let points = 0n;
      const earned = new Map<string, bigint>();
      for (const leaf of read) {
        const [owner, worth] = [leaf.owner.toLowerCase(), BigInt(leaf.points)];
        points += worth;
        earned.set(owner, (earned.get(owner) ?? 0n) + worth);
      }
      tree.add(earned);
      if (points !== batch.points) roots.fault(where, `Its contributions have ${points} points; the chain says ${batch.points}.`);
    } catch (problem) {
      isWhole = false;
      const reason = problem instanceof Error ? problem.message : String(problem);
      if (isRefusal(problem)) roots.fault(where, reason);
      else roots.open(where, reason);
      continue;
    }
    if (isWhole) checkRewards(rewards, where, batch, tree);
    else rewards.open(where, "A manifest before it is missing, so the sums are not known.");
    progress(id + 1);
  }
  if (batchCount > 0 && chainHead !== undefined && previous !== chainHead) roots.fault("Registry", `The newest batch is ${chainHead} on chain; the last one here is ${previous}.`);
  return [
    roots.toCheck("batches", "Every batch’s public list hashes to the Merkle root on chain.", `${count(batchCount, "batch", "batches")}, ${count(leaves, "contribution")}`),
    rewards.toCheck("rewards", "The rewards on chain are the sums of the points in the lists.", `${count(tree.size, "account")}`),
  ];
}

/** Every payment from a grant reached the pool whole and was split by the rule then in force; nothing left a grant twice. */
export function checkPayments(history: History, market: string): Check {
  const findings = new Findings();
  const members = new Map<string, bigint>();
  for (const payment of history.payments) {
    const where = `Payment ${payment.id}`;
    const amount = payment.members + payment.operators + payment.treasury;
    members.set(payment.currency, (members.get(payment.currency) ?? 0n) + payment.members);
    const split = history.splits.get(payment.splitId);
    if (split === undefined) findings.open(where, `The chain shows no event of split ${payment.splitId}.`);
    else {
      const operators = (amount * split.operatorsBps) / bps;
      const treasury = (amount * split.treasuryBps) / bps;
      // Before anybody holds a token the members' part goes to the treasury: there is nobody else to pay.
      const isSplit = payment.operators === operators && (payment.treasury === treasury || (payment.members === 0n && payment.treasury === amount - operators));
      if (!isSplit) findings.fault(where, `${amount} was split as ${payment.members}, ${payment.operators} and ${payment.treasury}; the rule gives operators ${operators} and treasury ${treasury}.`);
    }
    if (payment.payer !== market.toLowerCase()) continue;
    if (payment.collected === undefined) findings.fault(where, "It came from the market, which does not say of which grant.");
    else if (payment.collected.amount !== amount || payment.collected.currency !== payment.currency)
      findings.fault(where, `Grant ${payment.collected.grant} paid ${payment.collected.amount}; ${amount} was split.`);
  }
  for (const grant of history.grants.values()) {
    const where = `Grant ${grant.id}`;
    const paid = grant.price * BigInt(grant.renewed + 1);
    if (grant.collected + grant.refunded > paid) findings.fault(where, `${grant.collected} was paid on and ${grant.refunded} given back, of ${paid}.`);
    if (grant.isSale && grant.ends.length > 0 && grant.collected !== grant.price) findings.fault(where, `It was sold for ${grant.price}, and ${grant.collected} was paid on.`);
  }
  for (const [currency, claimed] of history.claimed)
    if (claimed > (members.get(currency) ?? 0n)) findings.fault(`Currency ${currency}`, `Members claimed ${claimed} of ${members.get(currency) ?? 0n}.`);
  return findings.toCheck("payments", "Every payment was split exactly as the rule said, and no grant paid twice.", `${count(history.payments.length, "payment")}, ${count(history.grants.size, "request")}`);
}

function checkRewards(findings: Findings, where: string, batch: Batch, tree: RewardTree): void {
  if (tree.sum !== batch.rewardPoints) findings.fault(where, `All points so far are ${tree.sum}; the chain says ${batch.rewardPoints}.`);
  const root = tree.root();
  if (root !== batch.rewardRoot) findings.fault(where, `The tree of rewards has the root ${root}; the chain has ${batch.rewardRoot}.`);
}

/** What validators signed (docs/protocol.md §2). */
export function structHash(batch: Omit<Batch, "structHash" | "block">, previous: string): string {
  return hashWords([batchType, batch.id, previous as `0x${string}`, batch.root as `0x${string}`, batch.count, batch.points, batch.rewardRoot as `0x${string}`, batch.rewardPoints]);
}

function isRefusal(problem: unknown): boolean {
  return problem instanceof Error && problem.name === "OpeningRefused";
}
