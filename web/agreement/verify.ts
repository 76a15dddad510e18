// Checks logs and trees with the code of the browser, for BrowserVerifyTests.cs: one question as JSON on standard input, one answer.
import { readFileSync } from "node:fs";
import { rewardLeaf, structHash } from "../verify/checks.ts";
import { verify } from "../verify/index.ts";
import { BrokenLog, LogVerifier } from "../verify/log-line.ts";
import { JsonRpc } from "../verify/rpc.ts";
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
}

const question = JSON.parse(readFileSync(0, "utf8"));
const answers: Record<string, () => unknown> = {
  leaf: () => toHex(hashLeaf(question.leaf as Leaf)),
  root: () => toHex(rootOf((question.root as string[]).map((hash) => fromHex(hash, 32)!))),
  rewardLeaf: () => toHex(rewardLeaf(question.rewardLeaf.account, BigInt(question.rewardLeaf.points))),
  batch: () => structHash({ ...question.batch, points: BigInt(question.batch.points), rewardPoints: BigInt(question.batch.rewardPoints) }, question.batch.previous),
  lines: () => readLines(question.lines as string[]),
  live: () => verifyLive(question.live as Live),
};
process.stdout.write(JSON.stringify(await answers[Object.keys(question)[0]!]!()));

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
    chain: new JsonRpc(live.rpc), chainId: live.chainId, contracts: live.contracts, firstBlock: 0,
    guardians: live.guardians.map(({ index, url, known }) => ({ index, url, known })),
    log: async (url, from) => live.guardians.find((guardian) => guardian.url === url)?.lines?.slice(from) ?? log(url, from),
    manifest: async (batch) => live.manifests?.[batch] ?? manifest(batch),
  }, () => {});
  return report.checks;
}
