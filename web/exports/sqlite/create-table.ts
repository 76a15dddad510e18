import { nullValue } from "../values.ts";
import type { SourceValue } from "../values.ts";
import { whole, writeReal } from "./number.ts";
import { wrongSchema } from "./refusal.ts";
import { isMark, isWord, sqlTokens } from "./sql.ts";
import type { SqlToken } from "./sql.ts";
import type { SqliteColumn } from "./table.ts";

const tableConstraints = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
const columnConstraints =
  ["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS", "ON", "DEFERRABLE"];

/** Reads the columns out of a CREATE TABLE statement as far as rows cannot be read without: names in order, which one is the rowid,
 *  which are not stored, which hold reals, and what older rows have. The rest is passed over. As CreateTable.cs. */
export function readColumns(sql: string, table: string, file: string): SqliteColumn[] {
  const tokens = sqlTokens(sql);
  const open = tokens?.findIndex((token) => isMark(token, "(")) ?? -1;
  if (tokens === undefined || open < 0 || !isWord(tokens[0], "CREATE") || tokens.slice(0, open).some((token) => isWord(token, "VIRTUAL")))
    throw wrongSchema(file, `declares the table ${table} in a way that cannot be read`);
  const { parts, end } = split(tokens, open + 1);
  for (let i = end; i + 1 < tokens.length; i++)
    if (isWord(tokens[i], "WITHOUT") && isWord(tokens[i + 1], "ROWID"))
      throw wrongSchema(file, `has the table ${table} without rowids, which this reader does not read`);

  // A lone PRIMARY KEY (x) names the rowid too, when x is INTEGER (SQLite, "ROWIDs and the INTEGER PRIMARY KEY").
  const key = parts.map(loneKey).find((found) => found !== undefined);
  const columns: SqliteColumn[] = [];
  let stored = 0;
  for (const part of parts) {
    const first = part[0];
    if (first === undefined || (first.kind === "word" && tableConstraints.includes(first.text.toUpperCase()))) continue;
    const column = columnFrom(part, first, key);
    columns.push(column.stored < 0 ? column : { ...column, stored: stored++ });
  }
  if (columns.length === 0 || new Set(columns.map(({ name }) => name.toUpperCase())).size !== columns.length)
    throw wrongSchema(file, `declares the table ${table} without columns, or one of them twice`);
  return columns;
}

// The pieces between the outermost commas, up to the closing bracket.
function split(tokens: readonly SqlToken[], from: number): { readonly parts: SqlToken[][]; readonly end: number } {
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  let at = from;
  for (; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (depth === 0 && isMark(token, ")")) break;
    if (depth === 0 && isMark(token, ",")) {
      parts.push([]);
      continue;
    }
    depth += nesting(token);
    parts.at(-1)!.push(token);
  }
  return { parts, end: at };
}

const nesting = (token: SqlToken): number => (isMark(token, "(") ? 1 : isMark(token, ")") ? -1 : 0);

function loneKey(part: readonly SqlToken[]): string | undefined {
  const at = part.length > 2 && isWord(part[0], "CONSTRAINT") ? 2 : 0;
  const isLone = part.length > at + 4 && isWord(part[at], "PRIMARY") && isWord(part[at + 1], "KEY") && isMark(part[at + 2], "(")
    && (isMark(part[at + 4], ")") || isMark(part[at + 5], ")"));
  return isLone ? part[at + 3]!.text : undefined;
}

function columnFrom(part: readonly SqlToken[], first: SqlToken, key: string | undefined): SqliteColumn {
  let at = 1;
  const type: string[] = [];
  for (; at < part.length && !isConstraint(part[at]!); at++) type.push(part[at]!.text);
  const declared = type.join(" ").toUpperCase();
  let isKey = first.text.toUpperCase() === key?.toUpperCase();
  let [isGenerated, isStored] = [false, false];
  let standard: SourceValue = nullValue;
  for (; at < part.length; at++) {
    const token = part[at]!;
    if (isWord(token, "PRIMARY")) isKey ||= !isWord(part[at + 2], "DESC");
    else if (isWord(token, "AS")) isGenerated = true;
    else if (isWord(token, "STORED")) isStored = true;
    else if (isWord(token, "DEFAULT")) standard = standardOf(part, at + 1, declared);
    else if (isMark(token, "(")) at = skip(part, at);
  }
  return {
    name: first.text, stored: isGenerated && !isStored ? -1 : 0, isRowId: isKey && declared === "INTEGER", isReal: isReal(declared), standard,
  };
}

const isConstraint = (token: SqlToken): boolean => token.kind === "word" && columnConstraints.includes(token.text.toUpperCase());

function skip(part: readonly SqlToken[], from: number): number {
  let depth = 0;
  let at = from;
  for (; at < part.length; at++) {
    depth += nesting(part[at]!);
    if (depth === 0) break;
  }
  return at;
}

// "Datatypes in SQLite" §3.1: the first of the rules that fits.
const isText = (type: string): boolean => !/INT/.test(type) && /CHAR|CLOB|TEXT/.test(type);
const isReal = (type: string): boolean => !/INT|BLOB/.test(type) && !isText(type) && /REAL|FLOA|DOUB/.test(type);
const isNumber = (type: string): boolean => type.length > 0 && !isText(type) && !/BLOB/.test(type);

function standardOf(part: readonly SqlToken[], from: number, type: string): SourceValue {
  let sign = "";
  let at = from;
  for (; isMark(part[at], "-") || isMark(part[at], "+") || isMark(part[at], "("); at++) if (isMark(part[at], "-")) sign = "-";
  const token = part[at];
  if (token === undefined) return nullValue;
  const isTrue = isWord(token, "TRUE");
  if (token.kind === "word" && !isTrue && !isWord(token, "FALSE")) return nullValue;
  const quoted = token.kind === "text" || token.kind === "quoted";
  const text = isTrue ? "1" : isWord(token, "FALSE") ? "0" : quoted ? token.text : sign + token.text;
  const integer = /^[+-]?\d+$/.test(text) ? BigInt(text.replace("+", "")) : undefined;
  const isPlain = (quoted ? !isNumber(type) : isText(type)) || !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text);
  if (isPlain) return { kind: "text", text };
  if (integer !== undefined && integer === BigInt.asIntN(64, integer))
    return { kind: "number", text: isReal(type) ? writeReal(Number(integer)) : String(whole(integer)) };
  return { kind: "number", text: writeReal(Number(text)) };
}
