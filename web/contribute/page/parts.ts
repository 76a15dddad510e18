import { el, svg } from "../../shared/dom.ts";
import { count } from "../../shared/format.ts";
import { monthWord } from "./words.ts";

type Part = Node | string | undefined | false;

export const notice = (kind: "info" | "good" | "warn" | "bad", title: string, ...children: Part[]): HTMLElement =>
  el("div", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : undefined }, el("strong", {}, title), ...children);

export const button = (label: string, act: () => void, kind = ""): HTMLButtonElement => el("button", { type: "button", class: kind || undefined, onclick: () => act() }, label);

export const actions = (...children: Part[]): HTMLElement => el("div", { class: "actions" }, ...children);

/** A heading that takes the focus when its panel appears, so that keyboard and screen reader are where something happened. */
export const heading = (text: string): HTMLHeadingElement => el("h2", { tabindex: -1 }, text);

export function table(caption: string, hint: string | undefined, columns: readonly string[], rows: readonly (readonly Part[])[], numbers: readonly number[] = []): HTMLElement {
  const kind = (at: number): string | undefined => (numbers.includes(at) ? "number" : undefined);
  return el("div", { class: "table stacks" }, el("table", {},
    el("caption", {}, caption, hint !== undefined && el("span", { class: "hint" }, hint)),
    el("thead", {}, el("tr", {}, ...columns.map((column, at) => el("th", { scope: "col", class: kind(at) }, column)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((cell, at) =>
      at === 0 ? el("th", { scope: "row" }, cell) : el("td", { class: kind(at), "data-label": columns[at] }, cell)))))));
}

export const figures = (...entries: (readonly [name: string, value: string, unit?: string])[]): HTMLElement =>
  el("dl", { class: "figures" }, ...entries.map(([name, value, unit]) => el("div", {}, el("dt", {}, name), el("dd", {}, value, unit !== undefined && el("small", {}, ` ${unit}`)))));

/** Records by month as columns, and the same in words for those who do not see them. */
export function monthChart(months: readonly { readonly name: string; readonly rows: number }[]): HTMLElement {
  const most = Math.max(...months.map(({ rows }) => rows));
  const first = months[0]!.name;
  const last = months.at(-1)!.name;
  const at = (name: string): number => (Number(name.slice(0, 4)) - Number(first.slice(0, 4))) * 12 + Number(name.slice(5)) - Number(first.slice(5));
  const span = at(last) + 1;
  const width = 600 / span;
  const busiest = months.find(({ rows }) => rows === most)!;
  const label = `Records by month, ${monthWord(first)} to ${monthWord(last)}; most in ${monthWord(busiest.name)}: ${count(most)}.`;
  return el("figure", { class: "flow" },
    svg("svg", { class: "chart", viewBox: "0 0 600 130", role: "img", "aria-label": label },
      ...months.map(({ name, rows }) => {
        const height = Math.max(1, (rows / most) * 104);
        return svg("rect", { class: "column", x: at(name) * width, y: 108 - height, width: Math.max(0.75, width * (span > 60 ? 1 : 0.8)), height },
          svg("title", {}, `${monthWord(name)}: ${count(rows)}`));
      }),
      svg("line", { class: "axis", x1: 0, x2: 600, y1: 108.5, y2: 108.5 }),
      svg("text", { x: 0, y: 124 }, monthWord(first)),
      span > 1 && svg("text", { x: 600, y: 124, "text-anchor": "end" }, monthWord(last))),
    el("figcaption", { class: "hint" }, label));
}

/** Offers a file for saving. */
export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
