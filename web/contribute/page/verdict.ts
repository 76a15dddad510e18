import { el } from "../../shared/dom.ts";
import { count } from "../../shared/format.ts";
import { checkReceipt } from "../receipt.ts";
import type { ChainFacts, Receipt } from "../receipt.ts";
import type { Outcome, Report } from "../report.ts";
import { table } from "./parts.ts";
import { kindWord, tokens } from "./words.ts";

const questions = {
  ownership: "Is it your own account?",
  authenticity: "Is it what the platform exported?",
  uniqueness: "Was it not contributed before?",
  quality: "Is there something worth paying for?",
} as const;

const outcomeWord: Readonly<Record<Outcome, readonly [word: string, kind: string]>> = {
  passed: ["yes", "good"], failed: ["no", "bad"], not_checked: ["not checked", ""],
};

/** The four results of a verdict in the validator's words, and what each kind of record earned. */
export function findingsOf(report: Report): HTMLElement {
  return el("div", { class: "flow" },
    el("ul", { class: "list", role: "list" }, ...(Object.keys(questions) as (keyof typeof questions)[]).map((name) => {
      const { outcome, reason, proves, doesNotProve } = report.findings[name];
      const [word, kind] = outcomeWord[outcome];
      return el("li", {},
        el("p", { class: "row between" }, el("strong", {}, questions[name]), el("span", { class: `tag ${kind}` }, word)),
        el("p", {}, reason),
        el("p", { class: "hint" }, `This shows: ${proves} It does not show: ${doesNotProve}`));
    })),
    report.value.length > 0 && table("What it earned", "By kind of record. New are the records that nobody had contributed before.", ["Kind", "Records", "New", "Tokens"],
      report.value.map(({ name, rows, newRows, points }) => [kindWord(name), count(rows), count(newRows), tokens(points).replace(/ tokens?$/, "")]), [1, 2, 3]),
    el("details", {}, el("summary", {}, "Every single check"),
      el("ul", {}, ...report.checks.map(({ name, outcome, reason }) => el("li", {}, `${kindWord(name.replaceAll(".", ": "))}: ${outcomeWord[outcome][0]}. ${reason}`)))));
}

/** A receipt held against signatures and the chain, claim by claim. */
export async function checksOf(receipt: Receipt, chain: ChainFacts): Promise<HTMLElement> {
  const checks = await checkReceipt(receipt, chain);
  return el("ul", { class: "list", role: "list" }, ...checks.map(({ claim, holds, isOpen }) =>
    el("li", {}, el("span", { "data-verify": holds ? "checked" : isOpen === true ? "open" : "differs" }, claim, holds ? "." : isOpen === true ? ": not yet." : ": this does not hold."))));
}
