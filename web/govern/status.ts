import { el, replace } from "../shared/dom.ts";
import { Problem } from "../shared/node.ts";

type Kind = "info" | "good" | "warn" | "bad";

/** Says how an act stands, where a screen reader hears it too. */
export function say(where: HTMLElement, kind: Kind, title: string, ...more: readonly (Node | string)[]): void {
  replace(where, el("div", { class: `notice ${kind}` }, el("strong", {}, title), ...more.map((words) => (typeof words === "string" ? el("p", {}, words) : words))));
}

export const clear = (where: HTMLElement): void => replace(where);

/** What went wrong in words, with its code, and where to go when there is no account yet. */
export function sayProblem(where: HTMLElement, error: unknown): void {
  const { name, message, code } = error as Error & { code?: string };
  if (name === "Cancelled") return say(where, "info", "Nothing was signed and nothing was sent.");
  if (name === "NoAccount") return say(where, "warn", "There is no account in this browser yet.", el("p", {}, el("a", { href: "/account" }, "Make one, or restore one"), ", and come back."));
  if (error instanceof Problem) return say(where, "bad", error.detail, ...(error.hint === undefined ? [] : [error.hint]), codeLine(error.code));
  say(where, name === "NotNow" ? "warn" : "bad", message, ...(code === undefined ? [] : [codeLine(code)]));
}

const codeLine = (code: string): HTMLElement => el("p", { class: "hint" }, "Code: ", el("code", {}, code));

/** Runs an act of a button: no second click meanwhile, and what went wrong is said. */
export async function busy(button: HTMLButtonElement, where: HTMLElement, act: () => Promise<void>): Promise<void> {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    await act();
  } catch (error) {
    sayProblem(where, error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/**
 * Shows the page anew when what stands in `data-due` has come. Both are chain time, which need not be this computer's: `data-now` says what it
 * was when the page was made. A block may be a little late, so it looks more than once.
 */
export function watchDue(refresh: () => Promise<void>): void {
  const seen = new WeakMap<Element, number>();
  setInterval(() => {
    if (document.hidden) return;
    for (const element of document.querySelectorAll<HTMLElement>("[data-due]")) {
      if (!seen.has(element)) seen.set(element, performance.now());
      const waited = (performance.now() - seen.get(element)!) / 1000;
      const late = waited - (Number(element.dataset["due"]) - Number(element.dataset["now"]));
      if (late > 0 && late < 120) return void refresh();
    }
  }, 2000);
}
