import type { CharSet } from "./char-set.ts";
import { PatternParser, PatternUnsupported } from "./parser.ts";
import type { Piece } from "./parser.ts";

export { PatternBroken, PatternUnsupported } from "./parser.ts";

const mostSteps = 20_000;
const mostStates = 512;

// A step of the machine: takes a unit of a set and goes on, or goes on without.
type Step =
  | { readonly kind: "set"; readonly set: CharSet; next: number }
  | { readonly kind: "split"; next: number; other: number }
  | { readonly kind: "start" | "end"; next: number }
  | { readonly kind: "done" };

// Steps at which the machine can be, and where it comes from there by each unit.
interface State {
  readonly steps: readonly number[];
  readonly ascii: (State | null | undefined)[];
  readonly others: Map<number, State | null>;
  ends: boolean | undefined;
}

/**
 * A regular expression of a descriptor, which is hostile: matched in time linear in the text, whole values only, by .NET's syntax.
 *
 * Thompson's construction; the machine's states are made as they are reached and forgotten when they become many. As FieldPattern.cs.
 */
export class TextPattern {
  readonly #steps: Step[] = [];
  readonly #begin: number;
  #known = new Map<string, State>();
  #first: State | undefined;

  constructor(readonly text: string) {
    const end = this.#add({ kind: "done" });
    this.#begin = this.#build(new PatternParser(text).parse(), end);
  }

  matches(text: string): boolean {
    let state: State | null = (this.#first ??= this.#closed([this.#begin], true));
    for (let i = 0; i < text.length; i++) {
      if (state === null) return false;
      const unit = text.charCodeAt(i);
      const next: State | null | undefined = unit < 128 ? state.ascii[unit] : state.others.get(unit);
      state = next === undefined ? this.#step(state, unit) : next;
    }
    return state !== null && (state.ends ??= this.#endsAt(state));
  }

  #step(state: State, unit: number): State | null {
    const next: number[] = [];
    for (const at of state.steps) {
      const step = this.#steps[at]!;
      if (step.kind === "set" && step.set.has(unit)) next.push(step.next);
    }
    const reached = next.length === 0 ? null : this.#closed(next, false);
    if (unit < 128) state.ascii[unit] = reached;
    else if (state.others.size < mostStates) state.others.set(unit, reached);
    return reached;
  }

  // All steps that are reached without taking a unit.
  #closed(from: readonly number[], isStart: boolean): State {
    const steps = [...this.#reach(from, isStart, false)].sort((a, b) => a - b);
    // Where a text begins is no other place.
    const key = isStart ? "start" : steps.join();
    let state = this.#known.get(key);
    if (state === undefined) {
      if (this.#known.size === mostStates) this.#known = new Map();
      state = { steps, ascii: [], others: new Map(), ends: undefined };
      this.#known.set(key, state);
    }
    return state;
  }

  #endsAt(state: State): boolean {
    return [...this.#reach(state.steps, state === this.#first, true)].some((at) => this.#steps[at]!.kind === "done");
  }

  #reach(from: readonly number[], isStart: boolean, isEnd: boolean): Set<number> {
    const seen = new Set<number>();
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const step = this.#steps[at]!;
      if (step.kind === "split") open.push(step.next, step.other);
      else if ((step.kind === "start" && isStart) || (step.kind === "end" && isEnd)) open.push(step.next);
    }
    return seen;
  }

  #add(step: Step): number {
    if (this.#steps.length === mostSteps) throw new PatternUnsupported();
    return this.#steps.push(step) - 1;
  }

  // The step at which a piece begins that goes on at `next`.
  #build(piece: Piece, next: number): number {
    switch (piece.kind) {
      case "set": return this.#add({ kind: "set", set: piece.set, next });
      case "start": case "end": return this.#add({ kind: piece.kind, next });
      case "all": return piece.pieces.reduceRight((to, part) => this.#build(part, to), next);
      case "any": return piece.pieces.map((part) => this.#build(part, next)).reduceRight((other, begin) => this.#add({ kind: "split", next: begin, other }));
      case "repeat": return this.#repeat(piece, next);
    }
  }

  #repeat({ piece, least, most }: Extract<Piece, { kind: "repeat" }>, next: number): number {
    let begin = next;
    if (most === Infinity) {
      begin = this.#add({ kind: "split", next, other: next });
      const loop = this.#steps[begin] as Extract<Step, { kind: "split" }>;
      loop.other = this.#build(piece, begin);
    } else {
      for (let i = least; i < most; i++) begin = this.#add({ kind: "split", next, other: this.#build(piece, begin) });
    }
    for (let i = 0; i < least; i++) begin = this.#build(piece, begin);
    return begin;
  }
}
