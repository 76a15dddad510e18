/** A set of UTF-16 code units. */
export interface CharSet {
  has(unit: number): boolean;
}

export const one = (unit: number): CharSet => ({ has: (other) => other === unit });

const matching = (form: RegExp): CharSet => ({ has: (unit) => form.test(String.fromCharCode(unit)) });

export const not = (set: CharSet): CharSet => ({ has: (unit) => !set.has(unit) });

/** The classes of .NET, which know all of Unicode. */
export const digit = matching(/\p{Nd}/u);
export const word = matching(/[\p{L}\p{Mn}\p{Nd}\p{Pc}]/u);
export const space = matching(/[\t-\r\x85\p{Zs}\p{Zl}\p{Zp}]/u);
export const anyButLine: CharSet = { has: (unit) => unit !== 0x0a };

/** `\p{Lu}`; undefined when it is no category. */
export function category(name: string): CharSet | undefined {
  if (!/^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfson]?)$/.test(name)) return undefined;
  // A surrogate is a character of its own here, as everywhere in .NET.
  return name === "Cs" || name === "C" ? matching(name === "C" ? /[\p{C}\p{Cs}]/u : /\p{Cs}/u) : matching(new RegExp(`\\p{${name}}`, "u"));
}

/** Ranges of code units and other sets together. */
export class UnitSet implements CharSet {
  readonly #ranges: (readonly [number, number])[] = [];
  readonly #others: CharSet[] = [];

  range(first: number, last: number): void {
    this.#ranges.push([first, last]);
  }

  add(other: CharSet): void {
    this.#others.push(other);
  }

  has(unit: number): boolean {
    return this.#ranges.some(([first, last]) => unit >= first && unit <= last) || this.#others.some((other) => other.has(unit));
  }
}
