// Talks to the node that served the page.

import { TooMuch, jsonWithin } from "./bounded.ts";

/** A refusal is a few sentences; what is longer is none. */
const MOST_REFUSAL_BYTES = 64 * 1024;

/** The longest answers are lists of a batch's contributions, far below this. */
const MOST_ANSWER_BYTES = 32 * 1024 * 1024;

/** What the node refused, in its own words: RFC 9457 problem+json with a stable code. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly hint: string | undefined,
    readonly errors: readonly FieldProblem[] = [],
  ) {
    super(detail);
    this.name = "Problem";
  }
}

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return answer<T>(await send(path, { headers: { accept: "application/json" }, ...(signal && { signal }) }));
}

export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return write<T>("POST", path, body, signal);
}

export async function put<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return write<T>("PUT", path, body, signal);
}

export async function del<T>(path: string, signal?: AbortSignal): Promise<T> {
  return write<T>("DELETE", path, undefined, signal);
}

/** The headers of a write that the session's cookie authorises: without the token the node refuses it (anti-forgery). */
export async function writeHeaders(): Promise<Record<string, string>> {
  token ??= get<{ token: string }>("/v1/form-token").then((form) => form.token);
  try {
    return { "x-commonhold-token": await token };
  } catch (error) {
    token = undefined;
    throw error;
  }
}

let token: Promise<string> | undefined;

async function write<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await answer<T>(await send(path, {
        method,
        headers: { accept: "application/json", ...(await writeHeaders()), ...(body !== undefined && { "content-type": "application/json" }) },
        ...(body !== undefined && { body: JSON.stringify(body, bigintsAsText) }),
        ...(signal && { signal }),
      }));
    } catch (error) {
      // The token belongs to the account that was signed in when it was made.
      if (!(error instanceof Problem && error.code === "request.forged" && attempt === 1)) throw error;
      token = undefined;
    }
  }
}

const bigintsAsText = (_: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new Problem(0, "node.unreachable", "The node does not answer.", "Is it running, and is this device online? Then try again.");
  }
}

async function answer<T>(response: Response): Promise<T> {
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  try {
    return (await jsonWithin(response, MOST_ANSWER_BYTES)) as T;
  } catch (problem) {
    if (problem instanceof TooMuch || problem instanceof SyntaxError) throw new Problem(response.status, "node.unreadable", "The node gave an answer that cannot be read.", "Try again in a minute.");
    throw problem;
  }
}

/** The refusal in an answer that is not ok. */
export async function problemOf(response: Response): Promise<Problem> {
  if (response.headers.get("content-type")?.startsWith("application/problem+json") === true) {
    const said = await jsonWithin(response, MOST_REFUSAL_BYTES).catch((problem: unknown) => {
      if (problem instanceof TooMuch || problem instanceof SyntaxError) return undefined;
      throw problem;
    }) as { code: string; detail: string; hint?: string; errors?: FieldProblem[] } | null | undefined;
    if (said) return new Problem(response.status, said.code, said.detail, said.hint, said.errors);
  }
  return new Problem(response.status, "node.unreadable", `The node answered with status ${response.status}.`, "Try again in a minute.");
}

export interface RelayOperation {
  readonly id: string;
  readonly state: "queued" | "sent" | "mined" | "failed";
  readonly transactionHash?: string;
  readonly error?: string;
}

/** Waits until the relayer's transaction is mined; throws what went wrong when it failed. */
export async function relayed(id: string, signal?: AbortSignal): Promise<RelayOperation> {
  for (let [wait, silences] = [250, 0]; ; wait = Math.min(wait * 1.5, 3000)) {
    let operation: RelayOperation;
    try {
      operation = await get<RelayOperation>(`/v1/relay/${encodeURIComponent(id)}`, signal);
    } catch (error) {
      // It is on its way whether or not the node can be asked this moment.
      if (!(error instanceof Problem) || (error.status !== 0 && error.status < 500) || ++silences > 20) throw error;
      await sleep(wait, signal);
      continue;
    }
    if (operation.state === "mined") return operation;
    if (operation.state === "failed")
      throw new Problem(422, "relay.failed", operation.error ?? "The chain refused the transaction.", "Reload the page: something may have changed meanwhile.");
    await sleep(wait, signal);
  }
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason as Error)), { once: true });
  });
}
