import { TooMuch, jsonWithin, mostChainBytes } from "../shared/bounded.ts";

/** The few calls of a chain endpoint that a check needs; nothing of what it answers is trusted to be well formed. */
export interface RawLog {
  readonly address: string;
  readonly topics: readonly `0x${string}`[];
  readonly data: `0x${string}`;
  readonly blockNumber: number;
  readonly logIndex: number;
  readonly transactionHash: string;
}

export interface Header {
  readonly number: number;
  readonly hash: string;
  readonly timestamp: number;
}

export interface Chain {
  head(): Promise<number>;
  /** In order of block and place; from the first block to the last, both included. */
  logs(addresses: readonly string[], from: number, to: number, progress: (block: number) => void): Promise<RawLog[]>;
  /** Undefined for a block that the chain does not have. */
  headers(numbers: readonly number[], progress: (done: number) => void): Promise<Map<number, Header>>;
  /** Views at one block; the answers in the order of the questions. */
  calls(questions: readonly { readonly to: string; readonly data: `0x${string}` }[], block: number, progress: (done: number) => void): Promise<`0x${string}`[]>;
}

/** The endpoint refused, or answered something else than was asked for. */
export class ChainSilent extends Error {
  override readonly name = "ChainSilent";
}

const atOnce = 100;
const patience = 30_000;

/** What is read of one chain, whatever it sends: bytes of an answer, pieces in which it gives its events, and events. */
export const chainLimits = { bytes: mostChainBytes, pages: 5_000, logs: 1_000_000 };

export class JsonRpc implements Chain {
  #id = 0;

  constructor(readonly url: string, readonly signal?: AbortSignal, readonly limits = chainLimits) {}

  async head(): Promise<number> {
    return toNumber(await this.#one("eth_blockNumber", []));
  }

  async calls(questions: readonly { readonly to: string; readonly data: `0x${string}` }[], block: number, progress: (done: number) => void): Promise<`0x${string}`[]> {
    const answers: `0x${string}`[] = [];
    for (let at = 0; at < questions.length; at += atOnce) {
      const page = await this.#many(questions.slice(at, at + atOnce).map(({ to, data }) => ["eth_call", [{ to, data }, toQuantity(block)]]));
      for (const answer of page) {
        if (typeof answer !== "string" || !/^0x([0-9a-fA-F]{2})*$/.test(answer)) throw new ChainSilent("The chain endpoint gave something else than a contract's answer.");
        answers.push(answer as `0x${string}`);
      }
      progress(answers.length);
    }
    return answers;
  }

  async logs(addresses: readonly string[], from: number, to: number, progress: (block: number) => void): Promise<RawLog[]> {
    const found: RawLog[] = [];
    let span = Math.max(1, to - from + 1);
    for (let start = from, pages = 1; start <= to; pages++) {
      if (pages > this.limits.pages) throw new ChainSilent(`The chain endpoint gives its events in too small pieces: ${this.limits.pages} were read, as far as block ${start - 1} of ${to}.`);
      const end = Math.min(to, start + span - 1);
      let page: unknown;
      try {
        page = await this.#one("eth_getLogs", [{ address: addresses, fromBlock: toQuantity(start), toBlock: toQuantity(end) }]);
      } catch (problem) {
        // Endpoints bound the blocks or logs of one answer, each in its own way.
        if (span === 1) throw problem;
        span = Math.ceil(span / 2);
        continue;
      }
      if (!Array.isArray(page)) throw new ChainSilent("The chain endpoint gave something else than events.");
      if (found.length + page.length > this.limits.logs) throw new ChainSilent(`There are more than ${this.limits.logs} events, more than a page can hold. Run the check at the command line: commonhold audit.`);
      for (const log of page as Record<string, unknown>[])
        found.push({
          address: String(log["address"]).toLowerCase(), topics: log["topics"] as `0x${string}`[], data: log["data"] as `0x${string}`,
          blockNumber: toNumber(log["blockNumber"]), logIndex: toNumber(log["logIndex"]), transactionHash: String(log["transactionHash"]),
        });
      progress(end);
      start = end + 1;
    }
    return found.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
  }

  async headers(numbers: readonly number[], progress: (done: number) => void): Promise<Map<number, Header>> {
    const found = new Map<number, Header>();
    for (let at = 0; at < numbers.length; at += atOnce) {
      const wanted = numbers.slice(at, at + atOnce);
      const answers = await this.#many(wanted.map((block) => ["eth_getBlockByNumber", [toQuantity(block), false]]));
      answers.forEach((answer, i) => {
        const block = answer as Record<string, unknown> | null;
        if (block !== null) found.set(wanted[i]!, { number: wanted[i]!, hash: String(block["hash"]).toLowerCase(), timestamp: toNumber(block["timestamp"]) });
      });
      progress(Math.min(numbers.length, at + atOnce));
    }
    return found;
  }

  async #one(method: string, params: unknown[]): Promise<unknown> {
    return (await this.#many([[method, params]]))[0];
  }

  async #many(calls: readonly [string, unknown[]][]): Promise<unknown[]> {
    const first = this.#id;
    const body = calls.map(([method, params]) => ({ jsonrpc: "2.0", id: this.#id++, method, params }));
    const response = await fetch(this.url, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body.length === 1 ? body[0] : body),
      credentials: "omit", referrerPolicy: "no-referrer", signal: limited(this.signal),
    });
    if (!response.ok) throw new ChainSilent(`The chain endpoint answers with status ${response.status}.`);
    const answer = await jsonWithin(response, this.limits.bytes).catch((problem: unknown) => {
      throw problem instanceof TooMuch ? new ChainSilent(`The chain endpoint's answer is longer than ${this.limits.bytes} bytes.`) : problem;
    });
    const byId = new Map((Array.isArray(answer) ? answer : [answer]).map((one: { id: number } | null) => [one?.id, one]));
    return body.map(({ id }) => {
      const one = byId.get(id) as { result?: unknown; error?: { message?: string } } | null | undefined;
      if (one === undefined || one === null || one.result === undefined) throw new ChainSilent(one?.error?.message ?? `The chain endpoint left out answer ${id - first + 1}.`);
      return one.result;
    });
  }
}

/** The caller's signal, and a limit of its own for this one exchange. */
export function limited(signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? AbortSignal.timeout(patience) : AbortSignal.any([signal, AbortSignal.timeout(patience)]);
}

function toQuantity(value: number): string {
  return `0x${value.toString(16)}`;
}

function toNumber(value: unknown): number {
  const number = Number(value);
  if (typeof value !== "string" || !Number.isSafeInteger(number)) throw new ChainSilent(`The chain endpoint gave ${JSON.stringify(value)} for a number.`);
  return number;
}
