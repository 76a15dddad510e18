/** Why something cannot be opened: a stable code of docs/errors.md, what happened, and what to do. */
export class OpeningRefused extends Error {
  override readonly name = "OpeningRefused";
  readonly code: string;
  readonly detail: string;
  readonly hint: string | undefined;

  constructor(code: string, detail: string, hint?: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
    this.hint = hint;
  }
}

/** Answers that do not open the file: one of them is wrong, and proofs will tell whose. */
export class WrongAnswer extends OpeningRefused {
  constructor(detail: string) {
    super("age.wrong_answer", detail, "Ask the guardians for proofs; they name the one that lies.");
  }
}
