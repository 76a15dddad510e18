import { el, replace } from "../shared/dom.ts";
import { Problem } from "../shared/node.ts";
import { Cancelled, NoAccount } from "../keys/index.ts";
import { OpeningRefused } from "../open/refusal.ts";

/** Shows in a status region what is going on. */
export function say(region: HTMLElement, text: string): void {
  replace(region, el("p", { class: "hint" }, text));
}

export function sayDone(region: HTMLElement, title: string, ...children: readonly (Node | string)[]): void {
  replace(region, el("div", { class: "notice good" }, el("strong", {}, title), ...(children.length > 0 ? [el("p", {}, ...children)] : [])));
}

/** Says what went wrong and what to do; a person who cancelled is not told of a failure. */
export function sayProblem(region: HTMLElement, problem: unknown): void {
  if (problem instanceof Cancelled) return say(region, problem.message);
  const account = problem instanceof NoAccount ? el("p", {}, el("a", { href: "/account" }, "Go to the account page")) : undefined;
  const hint = problem instanceof Problem || problem instanceof OpeningRefused ? problem.hint : undefined;
  const detail = problem instanceof Problem || problem instanceof OpeningRefused ? problem.detail : problem instanceof Error ? problem.message : String(problem);
  replace(region, el("div", { class: "notice bad" }, el("strong", {}, "That did not work"), el("p", {}, detail), hint === undefined ? undefined : el("p", {}, hint), account));
}

/** Runs an act of a button: busy while it lasts, its problem said. */
export async function busy(button: HTMLButtonElement, region: HTMLElement, run: () => Promise<void>): Promise<void> {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    await run();
  } catch (problem) {
    sayProblem(region, problem);
  } finally {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
}
