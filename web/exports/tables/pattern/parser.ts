import { UnitSet, anyButLine, category, digit, not, one, space, word } from "./char-set.ts";
import type { CharSet } from "./char-set.ts";

/** A piece of a regular expression. `most` is Infinity for no end. */
export type Piece =
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "all" | "any"; readonly pieces: readonly Piece[] }
  | { readonly kind: "repeat"; readonly piece: Piece; readonly least: number; readonly most: number }
  | { readonly kind: "start" | "end" };

/** What is no regular expression. */
export class PatternBroken extends Error {}

/** What takes more than linear time, or is not matched here. */
export class PatternUnsupported extends Error {}

const classes: Readonly<Record<string, CharSet>> = { d: digit, D: not(digit), w: word, W: not(word), s: space, S: not(space) };
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, v: 11, a: 7, e: 27 };

/** Parses a regular expression of .NET, as far as it can be matched in linear time. */
export class PatternParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Piece {
    const piece = this.#alternatives();
    if (this.#at < this.#text.length) throw new PatternBroken();
    return piece;
  }

  #alternatives(): Piece {
    const pieces = [this.#sequence()];
    while (this.#takes("|")) pieces.push(this.#sequence());
    return pieces.length === 1 ? pieces[0]! : { kind: "any", pieces };
  }

  #sequence(): Piece {
    const pieces: Piece[] = [];
    while (this.#at < this.#text.length && !"|)".includes(this.#text[this.#at]!)) {
      if (this.#text.startsWith("(?#", this.#at)) this.#skipComment();
      else pieces.push(this.#quantified(this.#atom()));
    }
    return { kind: "all", pieces };
  }

  #quantified(piece: Piece): Piece {
    const counts = this.#counts();
    if (counts === undefined) return piece;
    // A lazy one matches the same whole values.
    this.#takes("?");
    if (this.#counts() !== undefined || counts[0] > counts[1]) throw new PatternBroken();
    return { kind: "repeat", piece, least: counts[0], most: counts[1] };
  }

  #counts(): readonly [number, number] | undefined {
    if (this.#takes("*")) return [0, Infinity];
    if (this.#takes("+")) return [1, Infinity];
    if (this.#takes("?")) return [0, 1];
    const form = /\{(\d+)(?:(,)(\d*))?\}/y;
    form.lastIndex = this.#at;
    const found = form.exec(this.#text);
    if (found === null) return undefined;
    this.#at = form.lastIndex;
    const least = Number(found[1]);
    return [least, found[2] === undefined ? least : found[3] === "" ? Infinity : Number(found[3])];
  }

  #atom(): Piece {
    const letter = this.#text[this.#at++]!;
    switch (letter) {
      case "(": return this.#group();
      case "[": return { kind: "set", set: this.#class() };
      case ".": return { kind: "set", set: anyButLine };
      case "^": return { kind: "start" };
      case "$": return { kind: "end" };
      case "*": case "+": case "?": throw new PatternBroken();
      case "\\": return this.#escape();
      case "{":
        this.#at--;
        if (this.#counts() !== undefined) throw new PatternBroken();
        this.#at++;
    }
    return { kind: "set", set: one(letter.charCodeAt(0)) };
  }

  #group(): Piece {
    if (this.#takes("?")) {
      const name = /(?:<[A-Za-z_]\w*>|'[A-Za-z_]\w*'|:)/y;
      name.lastIndex = this.#at;
      if (!name.test(this.#text)) throw /[=!>(imnsx-]|<[=!]/.test(this.#text.slice(this.#at, this.#at + 2)) ? new PatternUnsupported() : new PatternBroken();
      this.#at = name.lastIndex;
    }
    const piece = this.#alternatives();
    if (!this.#takes(")")) throw new PatternBroken();
    return piece;
  }

  #skipComment(): void {
    this.#at = this.#text.indexOf(")", this.#at) + 1;
    if (this.#at === 0) throw new PatternBroken();
  }

  #escape(): Piece {
    const letter = this.#text[this.#at] ?? "";
    switch (letter) {
      case "A": this.#at++; return { kind: "start" };
      case "z": this.#at++; return { kind: "end" };
      case "b": case "B": case "G": case "Z": case "k": throw new PatternUnsupported();
    }
    if (/[1-9]/.test(letter)) throw new PatternUnsupported();
    const set = this.#escapedSet();
    return { kind: "set", set: typeof set === "number" ? one(set) : set };
  }

  // What stands behind a backslash: a unit, or a set.
  #escapedSet(): number | CharSet {
    const letter = this.#text[this.#at++] ?? "";
    if (letter === "") throw new PatternBroken();
    if (Object.hasOwn(classes, letter)) return classes[letter]!;
    if (Object.hasOwn(controls, letter)) return controls[letter]!;
    if (letter === "p" || letter === "P") {
      const name = this.#match(/\{(\w+)\}/y);
      const set = category(name);
      if (set === undefined) throw new PatternUnsupported();
      return letter === "P" ? not(set) : set;
    }
    if (letter === "x") return parseInt(this.#match(/([0-9A-Fa-f]{2})/y), 16);
    if (letter === "u") return parseInt(this.#match(/([0-9A-Fa-f]{4})/y), 16);
    if (letter === "c") return this.#match(/([A-Za-z@[\\\]^_])/y).toUpperCase().charCodeAt(0) - 64;
    if (letter === "0") return parseInt(`0${this.#match(/([0-7]{0,2})/y)}`, 8);
    if (/[A-Za-z0-9_]/.test(letter)) throw new PatternBroken();
    return letter.charCodeAt(0);
  }

  #class(): CharSet {
    const set = new UnitSet();
    const isNegated = this.#takes("^");
    for (let isFirst = true; ; isFirst = false) {
      const letter = this.#text[this.#at];
      if (letter === undefined) throw new PatternBroken();
      if (letter === "]" && !isFirst) break;
      // [a-z-[aeiou]]: what is taken away stands last.
      if (letter === "-" && this.#text[this.#at + 1] === "[" && !isFirst) {
        this.#at += 2;
        const without = this.#class();
        if (!this.#takes("]")) throw new PatternBroken();
        return { has: (unit) => set.has(unit) !== isNegated && !without.has(unit) };
      }
      const first = this.#classItem();
      if (typeof first !== "number") {
        set.add(first);
        continue;
      }
      if (this.#text[this.#at] !== "-" || "][".includes(this.#text[this.#at + 1] ?? "]")) {
        set.range(first, first);
        continue;
      }
      this.#at++;
      const last = this.#classItem();
      if (typeof last !== "number" || last < first) throw new PatternBroken();
      set.range(first, last);
    }
    this.#at++;
    return isNegated ? not(set) : set;
  }

  #classItem(): number | CharSet {
    const letter = this.#text[this.#at++]!;
    if (letter !== "\\") return letter.charCodeAt(0);
    if (this.#text[this.#at] === "b") {
      this.#at++;
      return 8;
    }
    return this.#escapedSet();
  }

  #takes(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #match(form: RegExp): string {
    form.lastIndex = this.#at;
    const found = form.exec(this.#text);
    if (found === null) throw new PatternBroken();
    this.#at = form.lastIndex;
    return found[1]!;
  }
}
