// Recomputes what the transparency page shows, away from the page's own thread.
import { verify, type Subject } from "../verify/index.ts";
import type { Contracts } from "../verify/history.ts";
import type { Report } from "../verify/report.ts";
import { JsonRpc } from "../verify/rpc.ts";
import { logOf, manifestOf } from "../verify/sources.ts";

export interface VerifyQuestion {
  readonly rpc: string;
  readonly node: string;
  readonly chainId: number;
  readonly contracts: Contracts;
  readonly firstBlock: number;
  readonly guardians: readonly Subject[];
}

export type VerifyMessage =
  | { readonly kind: "progress"; readonly step: string; readonly done: number; readonly of: number | undefined }
  | { readonly kind: "report"; readonly report: Report }
  | { readonly kind: "failed"; readonly message: string };

const say = (message: VerifyMessage): void => postMessage(message);

addEventListener("message", (event: MessageEvent<VerifyQuestion>) => {
  const { rpc, node, chainId, contracts, firstBlock, guardians } = event.data;
  verify(
    { chain: new JsonRpc(rpc), chainId, contracts, firstBlock, guardians, log: logOf(), manifest: manifestOf(node) },
    (step, done, of) => say({ kind: "progress", step, done, of }),
  ).then((report) => say({ kind: "report", report }), (problem: unknown) => say({ kind: "failed", message: problem instanceof Error ? problem.message : String(problem) }));
});
