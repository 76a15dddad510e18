// Opens grants and reads terms with the code of the browser, for BrowserOpeningTests.cs and BrowserTermsTests.cs: it asks for everything that a browser would fetch by a line of
// JSON on standard output, and reads a line for each answer. Nothing but this file is Node's own.
import { createInterface } from "node:readline";
import { parseUnits } from "../market/amount.ts";
import { hashTerms } from "../market/terms.ts";
import type { GrantTerms } from "../market/terms.ts";
import { fromHex, toHex } from "../open/hex.ts";
import { OpeningRefused, blobAt, guardianAt, openGrant } from "../open/index.ts";
import type { GuardianLink } from "../open/index.ts";
import { pointOfShare } from "../open/points.ts";
import { proves } from "../open/proof.ts";
import { ThresholdKey } from "../open/threshold-key.ts";

interface Start {
  readonly identity: string; readonly grantId: number; readonly terms: GrantTerms; readonly chainId: number; readonly registry: `0x${string}`; readonly guardians: readonly number[];
  /** Guardians that are asked over HTTP, by index, and how long (milliseconds). */
  readonly urls?: Readonly<Record<number, string>> | null; readonly patience?: number | null;
}

/** One exchange with a stranger, alone. */
interface Stranger { readonly guardian?: string; readonly blob?: string; readonly maxBytes?: number; readonly patience: number }

interface Claim { readonly guardians: number; readonly commitments: readonly string[]; readonly share: string; readonly guardian: number; readonly answer: string; readonly proof: string }

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const waiting = new Map<number, { resolve(value: never): void; reject(error: unknown): void }>();
let asked = 0;

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function ask<T>(what: string, about: unknown): Promise<T> {
  const id = asked++;
  return new Promise<T>((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    say({ id, what, about });
  });
}

async function hear(): Promise<void> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) return;
    const { id, answer, refusal } = JSON.parse(value as string);
    const asker = waiting.get(id);
    waiting.delete(id);
    if (refusal === undefined) asker?.resolve(answer as never);
    else asker?.reject(new OpeningRefused(refusal.code, refusal.detail));
  }
}

async function bytesOf(text: Promise<string>): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(Buffer.from(await text, "base64"));
}

const first = JSON.parse((await lines.next()).value as string) as { open?: Start; stranger?: Stranger; proofs?: Claim[]; shares?: string[]; terms?: GrantTerms[]; amounts?: { text: string; decimals: number }[] };
void hear();

if (first.open !== undefined) {
  const { identity, grantId, terms, chainId, registry, guardians, urls, patience } = first.open;
  const chunks: Uint8Array[] = [];
  try {
    const report = await openGrant({
      identity, grantId, terms,
      chain: {
        chainId, registry,
        grantAt: (id) => ask("grant", id), time: () => ask("time", null), batchAt: (id) => ask("batch", id), keyAt: (epoch) => ask("key", epoch),
      },
      node: { manifest: (batch) => ask("manifest", batch), blob: (digest) => bytesOf(ask("blob", digest)) },
      guardians: guardians.map((index): GuardianLink => urls?.[index] !== undefined ? guardianAt(index, urls[index], patience ?? undefined) : ({ index, release: (request) => bytesOf(ask("release", { guardian: index, request })) })),
      output: { write: async (bytes) => void chunks.push(bytes.slice()) },
      signal: new AbortController().signal,
    });
    say({ report, zip: Buffer.concat(chunks).toString("base64") });
  } catch (error) {
    if (!(error instanceof OpeningRefused)) throw error;
    say({ refusal: { code: error.code, detail: error.detail } });
  }
} else if (first.stranger !== undefined) {
  const { guardian, blob, maxBytes, patience } = first.stranger;
  const [started, signal] = [performance.now(), new AbortController().signal];
  try {
    const bytes = guardian !== undefined
      ? await guardianAt(1, guardian, patience).release({ grantId: 1, terms: {} as GrantTerms, batchId: 0, indices: [0], proofs: false }, signal) : await blobAt(blob!, maxBytes!, signal, patience);
    say({ length: bytes.length, milliseconds: performance.now() - started });
  } catch (error) {
    if (!(error instanceof OpeningRefused)) throw error;
    say({ refusal: { code: error.code, detail: error.detail }, milliseconds: performance.now() - started });
  }
} else {
  const isProved = (first.proofs ?? []).map(({ guardians, commitments, share, guardian, answer, proof }) =>
    proves(fromHex(proof, 64), new ThresholdKey(guardians, commitments.map((c) => fromHex(c, 32)!)), fromHex(share, 32)!, { guardian, point: fromHex(answer, 32)! }));
  const points = (first.shares ?? []).map((share) => {
    const point = pointOfShare(fromHex(share, 32)!);
    return point === undefined ? null : toHex(point.toBytes());
  });
  const hashes = (first.terms ?? []).map(hashTerms);
  const amounts = (first.amounts ?? []).map(({ text, decimals }) => parseUnits(text, decimals)?.toString() ?? null);
  say({ isProved, points, hashes, amounts });
}
process.exit(0);
