// Where the parts of a check come from over HTTP: logs from the guardians themselves, public lists from the node.
import { limited } from "./rpc.ts";

/** A page of a log: a thousand lines, each of at most 256 KiB. */
const mostLogBytes = 256 * 1024 * 1024;

const asked = { credentials: "omit", referrerPolicy: "no-referrer", redirect: "error" } as const;

/** Reads one page of a guardian's log. A last line without its line feed is an answer that broke off. */
export function logOf(signal?: AbortSignal): (url: string, from: number) => Promise<string[]> {
  return async (url, from) => {
    const response = await fetch(new URL(`v1/releases?from=${from}`, url), { ...asked, signal: limited(signal) });
    if (!response.ok) throw new Error(`It answers with status ${response.status}.`);
    const lines = (await textOf(response, mostLogBytes)).split("\n");
    if (lines.pop() !== "") throw new Error("Its answer ends in the middle of a line.");
    return lines;
  };
}

/** Reads a batch's public list from the node; what it says is believed only because it hashes to the root on chain. */
export function manifestOf(node: string, signal?: AbortSignal): (batch: number) => Promise<unknown> {
  return async (batch) => {
    const response = await fetch(new URL(`/v1/batches/${batch}/manifest`, node), { ...asked, signal: limited(signal) });
    if (!response.ok) throw new Error(`The node answers with status ${response.status} when asked for the list of batch ${batch}.`);
    return response.json();
  };
}

async function textOf(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const parts: string[] = [];
  let bytes = 0;
  for (const reader = response.body!.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return parts.join("") + decoder.decode();
    bytes += value.length;
    if (bytes > most) throw new Error("Its answer is longer than any log's.");
    parts.push(decoder.decode(value, { stream: true }));
  }
}
