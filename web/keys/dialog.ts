/** The dialog in which a person sees what is about to be done with the account, and unlocks it. */
import { el, replace } from "../shared/dom.ts";
import { Cancelled } from "./account.ts";

let count = 0;

/** One dialog, from its opening to its end. Escape and "Cancel" are the same. */
export class Dialog {
  private readonly element: HTMLDialogElement;
  private readonly content = el("div", { class: "flow" });
  private readonly status = el("p", { role: "status", class: "hint" });
  private readonly before = document.activeElement;
  private cancel: ((reason: Error) => void) | undefined;

  constructor(title: string, sentence: string, as: string) {
    const id = `ask-${++count}`;
    this.element = el("dialog", { class: "ask", "aria-labelledby": id },
      el("h2", { id }, title), el("p", { class: "sentence" }, sentence), el("p", { class: "hint" }, as), this.content, this.status);
    this.element.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.cancel?.(new Cancelled());
    });
    document.body.append(this.element);
    this.element.showModal();
  }

  /** Says what is being waited for. */
  say(text: string): void {
    this.status.textContent = text;
  }

  /**
   * Shows fields and a button, and runs `attempt` when it is pressed; what `attempt` throws is shown and can be tried again, unless
   * `isFinal` says otherwise. Rejects with Cancelled when the person closes the dialog.
   */
  ask<T>(button: string, fields: readonly Node[], attempt: () => Promise<T>, isFinal: (problem: unknown) => boolean = () => false): Promise<T> {
    return new Promise((resolve, reject) => {
      const error = el("p", { class: "error", role: "alert" });
      const confirm = el("button", { type: "submit" }, button);
      const cancel = el("button", { type: "button", class: "quiet", onclick: () => this.cancel?.(new Cancelled()) }, "Cancel");
      const form = el("form", { class: "flow" }, ...fields, error, el("div", { class: "actions" }, confirm, cancel));
      this.cancel = reject;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        void this.attempt(confirm, error, attempt).then(
          (result) => result !== undefined && resolve(result.value),
          (problem: unknown) => (isFinal(problem) ? reject(problem as Error) : (error.textContent = messageOf(problem))));
      });
      replace(this.content, form);
      (form.querySelector<HTMLElement>("input") ?? confirm).focus();
    });
  }

  /** From here on the act runs: nothing can be cancelled any more, the dialog can only be hidden. */
  work(text: string): void {
    replace(this.content);
    this.say(text);
    this.cancel = () => this.element.close();
  }

  end(): void {
    this.element.close();
    this.element.remove();
    if (this.before instanceof HTMLElement && this.before.isConnected) this.before.focus();
  }

  private async attempt<T>(button: HTMLButtonElement, error: HTMLElement, act: () => Promise<T>): Promise<{ value: T } | undefined> {
    if (button.getAttribute("aria-busy") === "true") return undefined;
    error.textContent = "";
    button.setAttribute("aria-busy", "true");
    try {
      return { value: await act() };
    } finally {
      button.removeAttribute("aria-busy");
    }
  }
}

export const messageOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));

/** Lets the browser paint what was just said, before work that takes the thread for a second. */
export const painted = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
