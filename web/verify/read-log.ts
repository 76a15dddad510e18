import type { Transcript } from "./checks.ts";
import { BrokenLog, LogVerifier, type LogLine } from "./log-line.ts";
import { count } from "./report.ts";

export interface Subject {
  /** From 1. */
  readonly index: number;
  /** Where it answers; without it its log cannot be checked. */
  readonly url: string | undefined;
  /** What the node read of its log. */
  readonly known: { readonly lines: number; readonly head: string } | undefined;
}

/** One page of a log from a sequence number on; lines without their line feeds, none at its end. */
export type LogSource = (url: string, from: number, signal: AbortSignal) => Promise<readonly string[]>;

/** A log is whatever its guardian sends: what is beyond these is left unread, and the report says so. */
export const logLimits = {
  lines: 200_000,
  /** Of text, over all pages. */
  characters: 512 * 1024 * 1024,
  milliseconds: 5 * 60_000,
};

/** A full page (docs/protocol.md §6). */
const fullPage = 1000;

export async function readLog(subject: Subject, log: LogSource, progress: (lines: number) => void, limits = logLimits): Promise<Transcript> {
  const verifier = new LogVerifier();
  const lines: LogLine[] = [];
  const done = (broken?: string, silent?: string): Transcript => ({ guardian: subject.index, lines, head: verifier.head, broken, silent, known: subject.known });
  if (subject.url === undefined) return done(undefined, "This node does not say where it answers.");
  const until = AbortSignal.timeout(limits.milliseconds);
  let characters = 0;
  try {
    for (;;) {
      const page = await log(subject.url, verifier.count, until);
      if (page.length > fullPage) return done(undefined, `It gave ${count(page.length, "line")} in one answer, and a page of a log has ${fullPage}.`);
      for (const line of page) {
        characters += line.length;
        lines.push(verifier.accept(line));
      }
      progress(verifier.count);
      // Lines that come while we read are those of the next time; a guardian could add one at each question for ever.
      if (page.length === 0 || (page.length < fullPage && verifier.count >= (subject.known?.lines ?? 0))) return done();
      if (lines.length >= limits.lines || characters >= limits.characters)
        return done(undefined, `Its log is longer than this page reads: checked as far as line ${lines.length - 1}. The whole log: commonhold audit.`);
    }
  } catch (problem) {
    if (problem instanceof BrokenLog) return done(problem.message);
    const reason = until.aborted ? `it gave ${count(lines.length, "line")} in ${limits.milliseconds / 1000} s, and more did not come in that time.` : problem instanceof Error ? problem.message : String(problem);
    return done(undefined, `Its log could not be read to its end: ${reason}`);
  }
}
