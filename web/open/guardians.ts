import { Decrypter } from "age-encryption";
import type { GrantTerms } from "../market/terms.ts";
import { TooMuch, bytesWithin } from "../shared/bounded.ts";
import { fromHex } from "./hex.ts";
import { nameLiars } from "./proof.ts";
import { OpeningRefused } from "./refusal.ts";
import type { Answer } from "./threshold-identity.ts";
import type { ThresholdKey } from "./threshold-key.ts";

/** A guardian and its place in the epoch, from 1. */
export interface GuardianLink {
  readonly index: number;
  /** Posts a release request; gives the age file, or throws with the guardian's refusal. */
  release(request: ReleaseRequest, signal: AbortSignal): Promise<Uint8Array>;
}

export interface ReleaseRequest {
  readonly grantId: number;
  readonly terms: GrantTerms;
  readonly batchId: number;
  readonly indices: readonly number[];
  readonly proofs: boolean;
}

/** What guardians said about one contribution. */
export interface Answers {
  readonly given: Answer[];
  /** Refusals of this contribution alone, by guardian. */
  readonly refused: Map<number, string>;
}

interface Proved extends Answer {
  readonly index: number;
  readonly proof: Uint8Array | undefined;
}

interface Said {
  readonly guardian: number;
  readonly answers: readonly Proved[];
  readonly refused: readonly { readonly index: number; readonly code: string }[];
}

/** A guardian that dawdles so long (milliseconds) is no longer waited for alone. */
const hedgeAfter = 3000;

/**
 * Asks guardians for their answers: the first t that give them, others when those fail or dawdle.
 *
 * Guardians are not trusted: an answer is taken only for what was asked, in the asked guardian's own name, and one that is proved
 * wrong is never asked again.
 */
export class ReleaseGatherer {
  /** Guardians that did not help, with the reason of the last time. */
  readonly faults = new Map<number, OpeningRefused>();
  readonly liars = new Set<number>();
  /** Not asked any more: liars, and those that would not stand by an answer. */
  readonly excluded = new Set<number>();
  /** Guardians whose answers were taken. */
  readonly helped = new Set<number>();
  readonly #guardians: readonly GuardianLink[];
  readonly #identity: string;
  readonly #grantId: number;
  readonly #terms: GrantTerms;

  constructor(guardians: readonly GuardianLink[], identity: string, grantId: number, terms: GrantTerms) {
    [this.#guardians, this.#identity, this.#grantId, this.#terms] = [guardians, identity, grantId, terms];
  }

  /** At least `threshold` answers for each contribution that is not refused; refused as a whole when too few guardians speak. */
  async gather(batchId: number, epoch: number, indices: readonly number[], threshold: number, signal: AbortSignal): Promise<Map<number, Answers>> {
    const found = new Map(indices.map((index) => [index, { given: [], refused: new Map() } satisfies Answers as Answers]));
    const waiting = shuffled(this.#guardians.filter((g) => !this.excluded.has(g.index))).sort((a, b) => Number(this.faults.has(a.index)) - Number(this.faults.has(b.index)));
    const enough = new AbortController();
    const stop = (): void => enough.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    const running = new Map<number, Promise<Said | number>>();
    const failures = new Map<number, OpeningRefused>();
    let [answered, wanted] = [0, threshold];
    try {
      while (!this.#isSettled(found, threshold)) {
        signal.throwIfAborted();
        while (running.size < wanted - answered && waiting.length > 0) {
          const next = waiting.shift()!;
          running.set(next.index, this.#ask(next, batchId, epoch, indices, false, enough.signal).catch((error: unknown) => {
            failures.set(next.index, toRefusal(error, next.index));
            return next.index;
          }));
        }
        if (running.size === 0) break;
        const first = await Promise.race([...running.values(), ...(waiting.length > 0 ? [after(hedgeAfter, enough.signal)] : [])]);
        signal.throwIfAborted();
        if (first === undefined) {
          wanted++;
        } else if (typeof first === "number") {
          running.delete(first);
          this.faults.set(first, failures.get(first)!);
        } else {
          running.delete(first.guardian);
          answered++;
          this.#take(found, first);
          // One guardian may refuse what others answer; then one more is needed.
          if (answered >= wanted && !this.#isSettled(found, threshold)) wanted++;
        }
      }
    } finally {
      signal.removeEventListener("abort", stop);
      enough.abort();
    }
    const isAnswerable = [...found.values()].every((a) => a.given.length + a.refused.size >= threshold);
    if (!isAnswerable) throw tooFew(failures, threshold);
    return found;
  }

  /** Asks for proofs of one contribution's answers, and excludes whoever cannot prove its own. */
  async nameLiars(batchId: number, epoch: number, index: number, share: Uint8Array, key: ThresholdKey, suspects: readonly number[], signal: AbortSignal): Promise<void> {
    for (const guardian of this.#guardians.filter((g) => suspects.includes(g.index) && !this.excluded.has(g.index))) {
      let said: Said | undefined;
      try {
        said = await this.#ask(guardian, batchId, epoch, [index], true, signal);
      } catch (error) {
        signal.throwIfAborted();
        this.faults.set(guardian.index, toRefusal(error, guardian.index));
      }
      const answer = said?.answers[0];
      if (answer === undefined) {
        // Answered without a proof, and now with nothing: not proved a liar, but of no use for this grant.
        this.excluded.add(guardian.index);
        if (said !== undefined) this.faults.set(guardian.index, new OpeningRefused("guardian.no_proof", `Guardian ${guardian.index} does not prove its answer.`));
      } else if (nameLiars(key, share, [answer]).length > 0) {
        this.liars.add(guardian.index);
        this.excluded.add(guardian.index);
      }
    }
  }

  #take(found: Map<number, Answers>, said: Said): void {
    this.helped.add(said.guardian);
    for (const answer of said.answers) {
      const answers = found.get(answer.index);
      if (answers !== undefined && answers.given.every((g) => g.guardian !== answer.guardian)) answers.given.push(answer);
    }
    for (const refusal of said.refused) found.get(refusal.index)?.refused.set(said.guardian, refusal.code);
  }

  /** Enough answers, or so many refusals that enough cannot come any more. */
  #isSettled(found: Map<number, Answers>, threshold: number): boolean {
    return [...found.values()].every((a) => a.given.length >= threshold || a.refused.size > this.#guardians.length - threshold);
  }

  async #ask(guardian: GuardianLink, batchId: number, epoch: number, indices: readonly number[], proofs: boolean, signal: AbortSignal): Promise<Said> {
    const file = await guardian.release({ grantId: this.#grantId, terms: this.#terms, batchId, indices, proofs }, signal);
    const invalid = (why: string): OpeningRefused => new OpeningRefused("guardian.answer_invalid", `The answer of guardian ${guardian.index} ${why}.`);
    let answer: { version: unknown; guardian: unknown; epoch: unknown; grantId: unknown; batchId: unknown; answers: unknown; refused: unknown };
    try {
      const decrypter = new Decrypter();
      decrypter.addIdentity(this.#identity);
      answer = JSON.parse(await decrypter.decrypt(file, "text"));
    } catch {
      throw invalid("cannot be opened with this key");
    }
    if (answer.version !== 1 || answer.guardian !== guardian.index || answer.grantId !== this.#grantId || answer.batchId !== batchId || answer.epoch !== epoch)
      throw invalid("is in another name, or to another question");
    if (!Array.isArray(answer.answers) || !Array.isArray(answer.refused)) throw invalid("cannot be read");
    const answers = answer.answers.flatMap((a: { index?: unknown; answer?: unknown; proof?: unknown } | null): Proved[] => {
      const point = fromHex(a?.answer, 32);
      return point !== undefined && indices.includes(a?.index as number) ? [{ index: a?.index as number, guardian: guardian.index, point, proof: fromHex(a?.proof, 64) }] : [];
    });
    const refused = answer.refused.flatMap((r: { index?: unknown; code?: unknown } | null) =>
      indices.includes(r?.index as number) && typeof r?.code === "string" ? [{ index: r.index as number, code: r.code.slice(0, 64) }] : []);
    return { guardian: guardian.index, answers, refused };
  }
}

/** An answer for 1,000 contributions with proofs takes less than 400 KB. */
const mostAnswerBytes = 1024 * 1024;

/**
 * A guardian over HTTP.
 *
 * @param patience milliseconds for the whole answer, its last byte included.
 */
export function guardianAt(index: number, url: string, patience = 30_000): GuardianLink {
  return {
    index,
    release: async (request, signal) => {
      const limit = AbortSignal.timeout(patience);
      try {
        const response = await fetch(new URL("v1/releases", url.endsWith("/") ? url : `${url}/`), {
          method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request), credentials: "omit", cache: "no-store",
          redirect: "error", signal: AbortSignal.any([signal, limit]),
        });
        const bytes = await bytesWithin(response, mostAnswerBytes);
        if (response.ok) return bytes;
        throw problem(index, response.status, bytes);
      } catch (error) {
        if (error instanceof OpeningRefused) throw error;
        if (error instanceof TooMuch) throw new OpeningRefused("guardian.answer_invalid", `The answer of guardian ${index} does not end after ${mostAnswerBytes} bytes.`);
        if (limit.aborted) throw new OpeningRefused("guardian.failed", `Guardian ${index} did not finish its answer within ${patience / 1000} s.`);
        throw new OpeningRefused("guardian.failed", `Guardian ${index} cannot be reached at ${url}: ${error instanceof Error ? error.message : "no answer"}.`);
      }
    },
  };
}

function problem(index: number, status: number, bytes: Uint8Array): OpeningRefused {
  try {
    const { code, detail, hint } = JSON.parse(new TextDecoder().decode(bytes)) as { code: unknown; detail: unknown; hint: unknown };
    if (typeof code === "string" && typeof detail === "string") return new OpeningRefused(code.slice(0, 64), detail.slice(0, 500), typeof hint === "string" ? hint.slice(0, 300) : undefined);
  } catch {
    // Not a problem in JSON: its status has to do.
  }
  return new OpeningRefused("guardian.failed", `Guardian ${index} answered with status ${status}.`);
}

function toRefusal(error: unknown, index: number): OpeningRefused {
  return error instanceof OpeningRefused ? error : new OpeningRefused("guardian.failed", `Guardian ${index} did not answer: ${error instanceof Error ? error.message : String(error)}`);
}

function tooFew(failures: Map<number, OpeningRefused>, threshold: number): OpeningRefused {
  // When they refuse the grant itself, their code tells more than ours.
  const common = [...failures.values()].filter((f) => f.code.startsWith("grant.") || f.code === "manifest.root_mismatch");
  const most = common.sort((a, b) => common.filter((f) => f.code === b.code).length - common.filter((f) => f.code === a.code).length)[0];
  if (most !== undefined) return most;
  const each = [...failures].sort(([a], [b]) => a - b).map(([guardian, refusal]) => `guardian ${guardian}: ${refusal.code}`).join("; ");
  return new OpeningRefused("guardian.too_few", `${threshold} guardians must answer and too few did. ${each}`, "Try again when more guardians are up.");
}

function after(milliseconds: number, signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(undefined); }, { once: true });
  });
}

function shuffled<T>(items: readonly T[]): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = crypto.getRandomValues(new Uint32Array(1))[0]! % (i + 1);
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}
