// Where the parts of a check come from over HTTP: logs from the guardians themselves, public lists from the node.
import { jsonWithin, textWithin } from "../shared/bounded.ts";
import type { ManifestSource } from "./checks.ts";
import { limited } from "./rpc.ts";

/** A page of a log is a thousand lines; one with a thousand refusals in it is near 50 KiB. */
const mostPageBytes = 64 * 1024 * 1024;

/** Of one contribution in a public list, with room to spare; ours take about 600. */
const mostLeafBytes = 2048;

const asked = { credentials: "omit", referrerPolicy: "no-referrer", redirect: "error" } as const;

/** Reads one page of a guardian's log. A last line without its line feed is an answer that broke off. */
export function logOf(signal?: AbortSignal, most = mostPageBytes): (url: string, from: number, signal?: AbortSignal) => Promise<string[]> {
  return async (url, from, until = signal) => {
    const response = await fetch(new URL(`v1/releases?from=${from}`, url), { ...asked, signal: limited(until) });
    if (!response.ok) throw new Error(`It answers with status ${response.status}.`);
    const lines = (await textWithin(response, most)).split("\n");
    if (lines.pop() !== "") throw new Error("Its answer ends in the middle of a line.");
    return lines;
  };
}

/** Reads a batch's public list from the node; what it says is believed only because it hashes to the root on chain. */
export function manifestOf(node: string, signal?: AbortSignal): ManifestSource {
  return async (batch, count) => {
    const response = await fetch(new URL(`/v1/batches/${batch}/manifest`, node), { ...asked, signal: limited(signal) });
    if (!response.ok) throw new Error(`The node answers with status ${response.status} when asked for the list of batch ${batch}.`);
    return jsonWithin(response, (count + 2) * mostLeafBytes);
  };
}
