/** JSON-RPC 2.0 over HTTP to one chain endpoint: only what pages need, and every answer's shape checked where it is used. */
import { hexToBigInt, isHex, type Hex } from "viem";
import { jsonWithin, mostChainBytes } from "../shared/bounded.ts";

/** The endpoint answered with an error. `data` holds what a contract reverted with. */
export class RpcRefused extends Error {
  override readonly name = "RpcRefused";

  constructor(readonly method: string, readonly rpcCode: number, message: string, readonly data: Hex | undefined) {
    super(message);
  }
}

/** The endpoint did not answer, or not with what was asked. */
export class ChainUnavailable extends Error {
  override readonly name = "ChainUnavailable";
  readonly code = "chain.unavailable";

  constructor(endpoint: string | undefined, cause?: unknown) {
    super(endpoint === undefined
      ? "This node names no chain endpoint for browsers, so nothing that it says can be checked here."
      : `The chain at ${endpoint} does not answer. Nothing can be checked or sent until it does.`, { cause });
  }
}

export interface RpcCall {
  method: string;
  params: readonly unknown[];
}

const TIMEOUT_MS = 20_000;

export class Rpc {
  constructor(readonly endpoint: string) {}

  async ask<T>(method: string, ...params: unknown[]): Promise<T> {
    const [answer] = await this.askAll([{ method, params }]);
    return answer as T;
  }

  /** All in one HTTP request; the answers in the order of the questions. */
  async askAll(calls: readonly RpcCall[]): Promise<unknown[]> {
    const questions = calls.map((call, id) => ({ jsonrpc: "2.0", id, ...call }));
    const answers = await this.post(questions.length === 1 ? questions[0] : questions);
    const byId = new Map((Array.isArray(answers) ? answers : [answers]).map((answer) => [answer?.id, answer]));
    return calls.map((call, id) => this.unwrap(call.method, byId.get(id)));
  }

  async quantity(method: string, ...params: unknown[]): Promise<bigint> {
    return hexToBigInt(await this.ask<Hex>(method, ...params));
  }

  private async post(body: unknown): Promise<unknown> {
    try {
      const response = await fetch(this.endpoint, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return await jsonWithin(response, mostChainBytes);
    } catch (cause) {
      throw new ChainUnavailable(this.endpoint, cause);
    }
  }

  private unwrap(method: string, answer: { result?: unknown; error?: { code?: number; message?: string; data?: unknown } } | undefined): unknown {
    if (answer?.error) {
      const { code = 0, message = "refused", data } = answer.error;
      throw new RpcRefused(method, code, message, revertData(data));
    }
    if (answer === undefined || !("result" in answer)) throw new ChainUnavailable(this.endpoint, new Error(`no answer to ${method}`));
    return answer.result;
  }
}

/** Nodes put the revert's bytes in `data`, or in an object there. */
function revertData(data: unknown): Hex | undefined {
  const bytes = typeof data === "object" && data !== null && "data" in data ? data.data : data;
  return typeof bytes === "string" && isHex(bytes) ? bytes : undefined;
}
