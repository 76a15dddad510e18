/** A piece of an SQL statement; comments and space are left out. A mark is anything else, a character at a time. */
export interface SqlToken {
  readonly kind: "word" | "quoted" | "text" | "number" | "mark";
  readonly text: string;
}

export const isWord = (token: SqlToken | undefined, word: string): boolean => token?.kind === "word" && token.text.toUpperCase() === word;

export const isMark = (token: SqlToken | undefined, mark: string): boolean => token?.kind === "mark" && token.text === mark;

const wordLetter = /[A-Za-z0-9_$\u0080-\uffff]/;

/** All pieces; undefined when a quote never ends. */
export function sqlTokens(sql: string): SqlToken[] | undefined {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length;) {
    const letter = sql[at]!;
    if (/\s/.test(letter)) at++;
    else if (sql.startsWith("--", at)) at = endOf(sql.indexOf("\n", at), sql.length);
    else if (sql.startsWith("/*", at)) at = endOf(sql.indexOf("*/", at + 2), sql.length - 2) + 2;
    else if ("\"`'[".includes(letter)) {
      const quoted = readQuoted(sql, at);
      if (quoted === undefined) return undefined;
      tokens.push({ kind: letter === "'" ? "text" : "quoted", text: quoted.text });
      at = quoted.end;
    } else if (wordLetter.test(letter) || (letter === "." && /[0-9]/.test(sql[at + 1] ?? ""))) {
      const start = at++;
      const isNumber = /[0-9.]/.test(letter);
      while (at < sql.length && (wordLetter.test(sql[at]!) || (isNumber && (sql[at] === "." || (/[+-]/.test(sql[at]!) && /[eE]/.test(sql[at - 1]!)))))) at++;
      tokens.push({ kind: isNumber ? "number" : "word", text: sql.slice(start, at) });
    } else {
      tokens.push({ kind: "mark", text: letter });
      at++;
    }
  }
  return tokens;
}

const endOf = (found: number, end: number): number => (found < 0 ? end : found);

// A quote inside is written twice.
function readQuoted(sql: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const close = sql[start] === "[" ? "]" : sql[start]!;
  let text = "";
  for (let at = start; ;) {
    const end = sql.indexOf(close, at + 1);
    if (end < 0) return undefined;
    text += sql.slice(at + 1, end);
    at = end + 1;
    if (close === "]" || sql[at] !== close) return { text, end: at };
    text += close;
  }
}
