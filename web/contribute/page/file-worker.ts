import { startWorker } from "../../shared/worker.ts";
import type { Answer, Failure, Outcome, Question } from "../messages.ts";

export interface Watch {
  readonly progress?: ((done: number, total: number) => void) | undefined;
  /** The line is down; the next attempt comes in so many milliseconds. */
  readonly waiting?: ((milliseconds: number) => void) | undefined;
}

/** What the worker refused, in words. */
export class FileRefused extends Error {
  readonly code: string;
  readonly detail: string;
  readonly hint: string;

  constructor({ code, detail, hint }: Failure) {
    super(detail);
    [this.code, this.detail, this.hint] = [code, detail, hint];
  }
}

/** The member stopped it. */
export class Stopped extends Error {}

type Of<K extends Outcome["kind"]> = Extract<Outcome, { kind: K }>;

/** The worker that has the files (web/workers/contribute.ts), as calls. One at a time. */
export class FileWorker {
  #worker: Worker | undefined;

  read = (question: Omit<Extract<Question, { kind: "read" }>, "kind">, watch?: Watch): Promise<Of<"read">> => this.#ask({ kind: "read", ...question }, watch);
  seal = (question: Omit<Extract<Question, { kind: "seal" }>, "kind">, watch?: Watch): Promise<Of<"sealed">> => this.#ask({ kind: "seal", ...question }, watch);
  upload = (question: Omit<Extract<Question, { kind: "upload" }>, "kind">, watch?: Watch): Promise<Of<"uploaded">> => this.#ask({ kind: "upload", ...question }, watch);
  open = (question: Omit<Extract<Question, { kind: "open" }>, "kind">, watch?: Watch): Promise<Of<"opened">> => this.#ask({ kind: "open", ...question }, watch);

  /** Ends what it is doing, which then throws Stopped. */
  stop(): void {
    this.#worker?.postMessage({ kind: "cancel" } satisfies Question);
  }

  #ask<T extends Outcome>(question: Question, watch: Watch | undefined): Promise<T> {
    this.#worker ??= startWorker("contribute");
    const worker = this.#worker;
    return new Promise<T>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>): void => {
        switch (data.kind) {
          case "progress": return watch?.progress?.(data.done, data.total);
          case "waiting": return watch?.waiting?.(data.milliseconds);
          case "done": return resolve(data.result as T);
          case "cancelled": return reject(new Stopped("You stopped it."));
          case "failed": return reject(new FileRefused(data.failure));
        }
      };
      worker.onerror = (event): void => {
        this.#worker = undefined;
        worker.terminate();
        reject(new FileRefused({ code: "browser.failed", detail: `The part of the page that reads files has stopped: ${event.message ?? "no reason given"}.`, hint: "Reload the page and try again." }));
      };
      worker.postMessage(question);
    });
  }
}
