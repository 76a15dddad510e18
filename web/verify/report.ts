/** What one check came to. */
export interface Check {
  readonly id: string;
  /** A sentence that is true when the check held. */
  readonly title: string;
  readonly state: "held" | "failed" | "unchecked";
  /** What was looked at: "3 logs, 41 lines". */
  readonly counted: string;
  /** What is wrong, or why something could not be checked; at most 50, and `left` says how many more there are. */
  readonly findings: readonly Finding[];
  readonly left: number;
}

export interface Finding {
  /** "Guardian 2, line 17". */
  readonly where: string;
  readonly what: string;
  /** True when it could not be checked, and so is not known to be wrong. */
  readonly isOpen: boolean;
}

export interface Report {
  readonly checks: readonly Check[];
  /** The newest block that was looked at. */
  readonly block: number;
}

/** Collects what one check finds. */
export class Findings {
  static readonly most = 50;
  readonly #found: Finding[] = [];
  #faults = 0;
  #open = 0;

  fault(where: string, what: string): void {
    this.#faults++;
    this.#add({ where, what, isOpen: false });
  }

  /** Something that could not be looked at. */
  open(where: string, what: string): void {
    this.#open++;
    this.#add({ where, what, isOpen: true });
  }

  toCheck(id: string, title: string, counted: string): Check {
    const state = this.#faults > 0 ? "failed" : this.#open > 0 ? "unchecked" : "held";
    return { id, title, state, counted, findings: this.#found, left: this.#faults + this.#open - this.#found.length };
  }

  #add(finding: Finding): void {
    if (this.#found.length < Findings.most) this.#found.push(finding);
  }
}

/** "1 line", "1,204 lines". */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString("en")} ${value === 1 ? one : many}`;
}
