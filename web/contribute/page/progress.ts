import { el } from "../../shared/dom.ts";
import { bytes } from "../../shared/format.ts";

const speechEvery = 10_000;

/** A bar with what is done, how fast, and how long it will still take; read out now and then, not at every step. */
export class ProgressPanel {
  readonly element: HTMLElement;
  readonly #bar: HTMLProgressElement;
  readonly #words = el("p", { class: "number" }, " ");
  readonly #spoken = el("p", { class: "visually-hidden", role: "status" });
  readonly #started = performance.now();
  #from: number | undefined;
  #saidAt = 0;

  constructor(label: string, ...children: Node[]) {
    this.#bar = el("progress", { max: 1, value: 0, "aria-label": label });
    this.element = el("div", { class: "flow" }, this.#bar, this.#words, this.#spoken, ...children);
  }

  show(done: number, total: number): void {
    this.#from ??= done;
    const part = total === 0 ? 1 : done / total;
    this.#bar.value = part;
    const seconds = (performance.now() - this.#started) / 1000;
    const rate = (done - this.#from) / seconds;
    const left = rate > 0 && seconds > 2 && done < total ? `, ${duration((total - done) / rate)} left` : "";
    const speed = rate > 0 && seconds > 1 ? ` at ${bytes(rate)} a second` : "";
    this.say(`${bytes(done)} of ${bytes(total)}, ${Math.floor(part * 100)} %${speed}${left}`);
  }

  say(words: string): void {
    this.#words.textContent = words;
    if (performance.now() - this.#saidAt < speechEvery) return;
    this.#saidAt = performance.now();
    this.#spoken.textContent = words;
  }
}

function duration(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds / 5) * 5)} seconds`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} minutes`;
  return `about ${Math.round(seconds / 3600)} hours`;
}
