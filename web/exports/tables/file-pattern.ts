/** Names of a provider's files: `*` is any run without a slash, `#` a number, `[…]` may be missing. */
export class FilePattern {
  readonly #regex: RegExp;

  constructor(readonly text: string) {
    const parts = [...text].map((letter) => {
      switch (letter) {
        case "*": return "[^/]*";
        case "#": return "([0-9]{1,9})";
        case "[": return "(?:";
        case "]": return ")?";
        default: return letter.replace(/[\\^$.|?+(){}]/, "\\$&");
      }
    });
    this.#regex = new RegExp(`^(?:[^]*/)?${parts.join("")}$`, "i");
  }

  /** The numbers in the name, by which parts are ordered; undefined when the name is another's. */
  match(name: string): number[] | undefined {
    const found = this.#regex.exec(name);
    return found?.slice(1).filter((group) => group !== undefined).map(Number);
  }
}
