// Checks logs and trees with the code of the browser, for BrowserVerifyTests.cs: one question as JSON on standard input, one answer.
import { readFileSync } from "node:fs";
import { checkBatches, structHash } from "../verify/checks.ts";
import type { Batch, History } from "../verify/history.ts";
import { verify } from "../verify/index.ts";
import { BrokenLog, LogVerifier, noDigest } from "../verify/log-line.ts";
import { logLimits, readLog } from "../verify/read-log.ts";
import { RewardTree, rewardLeaf } from "../verify/reward-tree.ts";
import { JsonRpc, chainLimits, type RawLog } from "../verify/rpc.ts";
import { logOf, manifestOf } from "../verify/sources.ts";
import { hashLeaf, rootOf, type Leaf } from "../open/manifest.ts";
import { fromHex, toHex } from "../open/hex.ts";

/** A DAO on a real chain, with real guardians; what is given here stands in the place of what they say. */
interface Live {
  readonly rpc: string;
  readonly node: string;
  readonly chainId: number;
  readonly contracts: { readonly market: string; readonly registry: string; readonly pool: string };
  readonly guardians: readonly { readonly index: number; readonly url: string; readonly lines?: readonly string[]; readonly known?: { readonly lines: number; readonly head: string } }[];
  readonly manifests?: Readonly<Record<string, unknown>>;
  readonly firstBlock?: number;
  /** Topics of events that the endpoint keeps back. */
  readonly without?: readonly string[];
  readonly limits?: Partial<typeof chainLimits>;
}

/** A guardian's address, and how much and how long it is read. */
interface Log {
  readonly url: string;
  readonly known?: number | null;
  readonly limits?: Partial<typeof logLimits> | null;
  readonly pageBytes?: number | null;
}

/** How many batches and contributions, of how many accounts. */
interface Size {
  readonly batches: number;
  readonly leaves: number;
  readonly accounts: number;
  /** One state of so many is also built whole. */
  readonly every: number;
}

const question = JSON.parse(readFileSync(0, "utf8"));
const answers: Record<string, () => unknown> = {
  leaf: () => toHex(hashLeaf(question.leaf as Leaf)),
  root: () => toHex(rootOf((question.root as string[]).map((hash) => fromHex(hash, 32)!))),
  rewardLeaf: () => toHex(rewardLeaf(question.rewardLeaf.account, BigInt(question.rewardLeaf.points))),
  batch: () => structHash({ ...question.batch, points: BigInt(question.batch.points), rewardPoints: BigInt(question.batch.rewardPoints) }, question.batch.previous),
  lines: () => readLines(question.lines as string[]),
  live: () => verifyLive(question.live as Live),
  log: () => readOneLog(question.log as Log),
  rewards: () => rewardRoots(question.rewards as Record<string, string>[]),
  time: () => time(question.time as Size),
};

function readLines(lines: readonly string[]): unknown {
  const verifier = new LogVerifier();
  try {
    for (const line of lines) verifier.accept(line);
  } catch (problem) {
    if (!(problem instanceof BrokenLog)) throw problem;
    return { count: verifier.count, head: verifier.head, broken: problem.sequence };
  }
  return { count: verifier.count, head: verifier.head };
}

async function verifyLive(live: Live): Promise<unknown> {
  const log = logOf();
  const manifest = manifestOf(live.node);
  const report = await verify({
    chain: new Silent(live.rpc, live.without ?? [], { ...chainLimits, ...live.limits }), chainId: live.chainId, contracts: live.contracts, firstBlock: live.firstBlock ?? 0,
    guardians: live.guardians.map(({ index, url, known }) => ({ index, url, known })),
    log: async (url, from, signal) => live.guardians.find((guardian) => guardian.url === url)?.lines?.slice(from) ?? log(url, from, signal),
    manifest: async (batch, count) => live.manifests?.[batch] ?? manifest(batch, count),
  }, () => {});
  return report.checks;
}

/** A chain endpoint that keeps some events back. */
class Silent extends JsonRpc {
  readonly #without: readonly string[];

  constructor(url: string, without: readonly string[], limits: typeof chainLimits) {
    super(url, undefined, limits);
    this.#without = without;
  }

  override async logs(...range: Parameters<JsonRpc["logs"]>): Promise<RawLog[]> {
    return (await super.logs(...range)).filter((log) => !this.#without.includes(log.topics[0]!));
  }
}

async function readOneLog({ url, known, limits, pageBytes }: Log): Promise<unknown> {
  const started = performance.now();
  const read = await readLog({ index: 1, url, known: known == null ? undefined : { lines: known, head: noDigest } }, logOf(undefined, pageBytes ?? undefined), () => {}, { ...logLimits, ...limits });
  return { lines: read.lines.length, broken: read.broken, silent: read.silent, milliseconds: performance.now() - started };
}

/** The root after each batch: as the page builds it, and built whole each time. */
function rewardRoots(batches: readonly Record<string, string>[]): unknown {
  const tree = new RewardTree();
  const whole = new Whole();
  return batches.map((batch) => {
    const earned = new Map(Object.entries(batch).map(([account, points]) => [account, BigInt(points)]));
    tree.add(earned);
    whole.add(earned);
    return { root: tree.root(), whole: whole.root() };
  });
}

/** Every state from nothing: what the page did before, and what its tree is held against. */
class Whole {
  readonly #earned = new Map<string, bigint>();

  add(earned: ReadonlyMap<string, bigint>): void {
    for (const [account, points] of earned) this.#earned.set(account, (this.#earned.get(account) ?? 0n) + points);
  }

  root(): string {
    const accounts = [...this.#earned].filter(([, points]) => points > 0n).sort(([a], [b]) => (a < b ? -1 : 1));
    return accounts.length === 0 ? noDigest : toHex(rootOf(accounts.map(([account, points]) => rewardLeaf(account, points))));
  }
}

/** How long all batches of a DAO take, without the network. */
async function time({ batches, leaves, accounts, every }: Size): Promise<unknown> {
  const registry = `0x${"5".repeat(40)}`;
  const account = (number: number) => toHex(fromHex(structHash({ id: number, root: noDigest, count: 1, points: 0n, rewardRoot: noDigest, rewardPoints: 0n }, noDigest), 32)!.slice(12));
  const digest = (number: number): `0x${string}` => `0x${number.toString(16).padStart(64, "0")}`;
  const lists = Array.from({ length: batches }, (_, batch) => Array.from({ length: Math.round(leaves / batches) }, (_, index): Leaf => ({
    index, owner: account((batch * 7919 + index * 104_729) % accounts), ciphertextDigest: digest(batch * 1000 + index), size: 50_000, ephemeralShare: digest(index + 7), schema: digest(1), keyEpoch: 1,
    points: `${1_000_000 + index}`, nullifier: digest(batch * 1000 + index + 3),
  })));
  const known = new Map<number, Batch>();
  const whole = new Whole();
  let previous = noDigest;
  let sum = 0n;
  let rebuilt = 0;
  let grown = 0;
  const tree = new RewardTree();
  lists.forEach((list, id) => {
    const earned = new Map<string, bigint>();
    for (const leaf of list) earned.set(leaf.owner, (earned.get(leaf.owner) ?? 0n) + BigInt(leaf.points));
    const points = list.reduce((all, leaf) => all + BigInt(leaf.points), 0n);
    sum += points;
    whole.add(earned);
    const started = performance.now();
    tree.add(earned);
    const rewardRoot = tree.root();
    grown += performance.now() - started;
    if (id % every === every - 1) {
      const begun = performance.now();
      if (whole.root() !== rewardRoot) throw new Error(`State ${id} has another root when it is built whole.`);
      rebuilt += (performance.now() - begun) * every;
    }
    const batch = { id, block: id, root: toHex(rootOf(list.map(hashLeaf))), count: list.length, points, rewardRoot, rewardPoints: sum };
    previous = structHash(batch, previous);
    known.set(id, { ...batch, structHash: previous });
  });
  const started = performance.now();
  const checks = await checkBatches(
    { batches: known } as History, batches, previous, 1, registry, async (id) => ({ version: 1, chainId: 1, registry, batchId: id, leaves: lists[id] }), () => {});
  return { states: checks.map(({ state }) => state), accounts: tree.size, rebuiltMilliseconds: rebuilt, grownMilliseconds: grown, allMilliseconds: performance.now() - started };
}

process.stdout.write(JSON.stringify(await answers[Object.keys(question)[0]!]!()));
