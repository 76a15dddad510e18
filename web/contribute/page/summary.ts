import { el } from "../../shared/dom.ts";
import { bytes, count, counted, moment } from "../../shared/format.ts";
import type { Outcome } from "../messages.ts";
import { figures, monthChart, table } from "./parts.ts";
import { kindWord, roughTokens } from "./words.ts";

type Read = Extract<Outcome, { kind: "read" }>;

/** What is in a file, what stays behind and why, and what it may earn: all read on this computer. */
export function summaryOf({ reading, estimates: { structure: estimate } }: Read, file: File): HTMLElement {
  const { summary, account, dropped, notes } = reading;
  const reasons = [...new Set(dropped.filter(({ rows }) => rows > 0).map(({ reason }) => reason))];
  const months = new Set(summary.byMonth.map(({ name }) => name)).size;
  return el("div", { class: "flow" },
    el("p", {}, `This is a ${reading.title}, ${bytes(file.size)}`,
      account.id === null ? "" : ` of the account ${account.id}`,
      account.exportedAt === null ? "." : `, exported ${moment(account.exportedAt / 1000)}.`,
      " Nothing of it has left this computer."),
    figures(
      ["records that can earn", count(estimate.byKind.reduce((sum, { rows }) => sum + rows, 0))],
      [summary.placeWord, count(summary.places)],
      ["estimated reward, in tokens", range(estimate.low, estimate.high)]),
    el("details", {}, el("summary", {}, "How the reward is estimated"),
      el("p", {}, "Records are counted by kind, place and quarter of a year. The hundredth record of a kind in one place and quarter is worth less than the first: breadth is paid, bulk is not. "
        + "How much a text says can make a record worth more or less, so there is a lower and an upper figure."),
      el("p", {}, "The page cannot know what others contributed before you, and records that are known earn nothing. A validator decides; it may be less than the lower figure.")),
    ...notes.map((note) => el("p", { class: "hint" }, note)),
    el("h3", {}, "What is in it"),
    months > 2 && monthChart(summary.byMonth),
    table("By kind", undefined, ["Kind", "Records", "Estimated tokens"],
      estimate.byKind.map(({ name, rows, low, high }) => [kindWord(name), count(rows), range(low, high)]), [1, 2]),
    summary.topPlaces.length > 0 && el("details", {},
      el("summary", {}, `The ${summary.topPlaces.length === summary.places ? "" : `${summary.topPlaces.length} largest of ${count(summary.places)} `}${summary.placeWord}`),
      table(`Records by place`, undefined, ["Name", "Records"], summary.topPlaces.map(({ name, rows }) => [name, count(rows)]), [1])),
    el("h3", {}, "What stays with you"),
    dropped.length === 0
      ? el("p", {}, "Nothing has to be left out of this file: it was cleaned before.")
      : el("div", { class: "flow" },
          el("p", {}, `Left out before anything is encrypted: ${reasons.join("; ")}.`),
          el("details", {}, el("summary", {}, `All ${counted(dropped.length, "file and column", "files and columns")} that stay`),
            table("Left out", "These files and columns never leave this computer.", ["File", "What", "Why"], dropped.map(({ file: name, column, rows, reason }) =>
              [name, column !== null ? `the column “${column}”` : rows === 0 ? "the whole file (it is empty)" : `the whole file, ${counted(rows, "row")}`, reason])))));
}

const range = (low: number, high: number): string => {
  const [from, to] = [roughTokens(low), roughTokens(high)];
  return from === to ? `about ${from}` : `${from} – ${to}`;
};
