// The "Verify" button: holds the DAO against the chain, then lets a worker recompute logs, roots, rewards and payments.
import { ChainMismatch, verifiedDao } from "../chain/index.ts";
import { byId, el, replace } from "../shared/dom.ts";
import { count } from "../shared/format.ts";
import { get } from "../shared/node.ts";
import { startWorker } from "../shared/worker.ts";
import type { Check, Report } from "../verify/report.ts";
import type { VerifyMessage, VerifyQuestion } from "../workers/verify.ts";

interface GuardianStanding {
  readonly index: number;
  readonly url?: string;
  readonly lines: number;
  readonly logHead: string;
}

const words = { held: "holds", failed: "does not hold", unchecked: "could not be checked" } as const;
const kinds = { held: "good", failed: "bad", unchecked: "warn" } as const;

let worker: Worker | undefined;

async function start(): Promise<void> {
  const [button, stop, progress, result] = [byId<HTMLButtonElement>("verify"), byId<HTMLButtonElement>("stop"), byId("verify-progress"), byId("verify-result")];
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  stop.hidden = false;
  replace(result);
  const bar = el("progress", { "aria-label": "Checking" });
  const line = el("p", { class: "hint" }, "Holding the DAO’s contracts against the chain …");
  replace(progress, bar, line);
  try {
    const dao = await verifiedDao();
    if (dao.publicRpc === undefined) throw new Error("This node names no chain endpoint for browsers.");
    const guardians = await get<GuardianStanding[]>("/v1/guardians");
    const report = await run({
      rpc: dao.publicRpc, node: location.origin, chainId: dao.chainId,
      contracts: { market: dao.contracts.market, registry: dao.contracts.registry, pool: dao.contracts.pool },
      firstBlock: Number(byId("check").dataset["firstBlock"] ?? 0),
      // Which guardians there are is the chain's to say; where they answer only the node knows.
      guardians: dao.guardians.members.map((member) => {
        const told = guardians.find(({ index }) => index === member.index);
        return { index: member.index, url: member.url ?? told?.url, known: told === undefined ? undefined : { lines: told.lines, head: told.logHead } };
      }),
    }, (step, done, of) => {
      line.textContent = `${step}${of === undefined ? " …" : `: ${count(done)} of ${count(of)}`}`;
      if (of === undefined || of === 0) bar.removeAttribute("value");
      else [bar.max, bar.value] = [of, done];
    });
    show(result, report);
  } catch (problem) {
    showProblem(result, problem);
  } finally {
    replace(progress);
    worker?.terminate();
    worker = undefined;
    stop.hidden = true;
    button.disabled = false;
    button.removeAttribute("aria-busy");
    button.textContent = "Verify again";
  }
}

class Stopped extends Error {}

let stopRun: (() => void) | undefined;

function run(question: VerifyQuestion, progress: (step: string, done: number, of: number | undefined) => void): Promise<Report> {
  return new Promise((resolve, reject) => {
    worker = startWorker("verify");
    stopRun = () => reject(new Stopped());
    worker.addEventListener("message", (event: MessageEvent<VerifyMessage>) => {
      const message = event.data;
      if (message.kind === "progress") progress(message.step, message.done, message.of);
      else if (message.kind === "report") resolve(message.report);
      else reject(new Error(message.message));
    });
    worker.addEventListener("error", () => reject(new Error("The check could not be started in this browser.")));
    worker.postMessage(question);
  });
}

function show(result: HTMLElement, report: Report): void {
  const failed = report.checks.filter((check) => check.state === "failed");
  const open = report.checks.filter((check) => check.state === "unchecked");
  const [kind, title] = failed.length > 0 ? ["bad", "Something does not hold"]
    : open.length > 0 ? ["warn", "Nothing wrong was found, but not everything could be checked"] : ["good", "Everything holds"];
  replace(
    result,
    el("div", { class: `notice ${kind}`, id: "verdict" }, el("strong", {}, title),
      el("p", {}, `${count(report.checks.length - failed.length - open.length)} of ${count(report.checks.length)} checks hold, made in this browser up to block ${count(report.block)}.`)),
    el("ul", { class: "list" }, ...report.checks.map(item)),
    el("h3", {}, "What this did not check"),
    el("ul", {},
      el("li", {}, "A release that a guardian did not write down. Nobody outside can see one; it takes as many dishonest guardians as the threshold for it to be of use to anyone."),
      el("li", {}, "Whether contributions are worth their points: the validators signed for that, and their reports are public."),
      el("li", {}, "The chain endpoint itself. Run the same check with a chain node of your own: commonhold audit."),
      ...(open.length > 0 ? [el("li", {}, "What is marked above as not checked, for the reason given there.")] : [])),
  );
}

function item(check: Check): HTMLElement {
  return el("li", { id: `check-${check.id}`, "data-state": check.state },
    el("p", {}, el("span", { class: `tag ${kinds[check.state]}` }, words[check.state]), " ", check.title),
    el("p", { class: "hint" }, check.counted),
    check.findings.length > 0 && el("ul", {}, ...check.findings.map((finding) => el("li", {}, el("strong", {}, finding.where), `: ${finding.what}`))),
    check.left > 0 && el("p", { class: "hint" }, `And ${count(check.left)} more.`));
}

function showProblem(result: HTMLElement, problem: unknown): void {
  if (problem instanceof Stopped) return replace(result, el("p", {}, "Stopped. Nothing was decided."));
  const [title, detail] = problem instanceof ChainMismatch
    ? ["This node and the chain do not agree", `About ${problem.field} the node says ${problem.serverValue}, and the chain ${problem.chainValue}. Do not trust what this node shows.`]
    : ["The check could not be made", problem instanceof Error ? problem.message : String(problem)];
  replace(result, el("div", { class: "notice bad", id: "verdict", role: "alert" }, el("strong", {}, title), el("p", {}, detail)));
}

const button = document.getElementById("verify");
if (button !== null) {
  button.hidden = false;
  button.addEventListener("click", () => void start());
  byId("stop").addEventListener("click", () => stopRun?.());
}
