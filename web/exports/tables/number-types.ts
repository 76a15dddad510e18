import { type } from "./cells.ts";
import type { FieldType } from "./cells.ts";
import { decimalRank, parseDecimal, writeDecimal } from "./decimals.ts";
import { writeReal } from "../sqlite/number.ts";

const mostBytes = 64;
const utf8 = new TextEncoder();

/** How numbers are written in a file. `groupChar` is empty for none. */
export interface NumberForm {
  readonly isBare: boolean;
  readonly decimalChar: string;
  readonly groupChar: string;
}

const plainForm: NumberForm = { isBare: true, decimalChar: ".", groupChar: "" };
const rank = ({ text }: { readonly text: string }): bigint | undefined => decimalRank(text);

function readInteger(value: string, form: NumberForm): { readonly text: string } | undefined {
  const parts = /^([+-]?)0*(\d*)$/.exec(bare(value, form));
  // Without a digit the sign stands alone.
  if (parts === null || !/\d$/.test(parts[0]) || parts[2]!.length > 38) return undefined;
  return { text: parts[2] === "" ? "0" : (parts[1] === "-" ? "-" : "") + parts[2]! };
}

const plainInteger = type("integer", (value) => readInteger(value, plainForm), { rank });

/** No plus sign, no zeros in front, no minus zero. */
export const integer = (form: NumberForm = plainForm): FieldType =>
  form === plainForm ? plainInteger : type("integer", (value) => readInteger(value, form), { rank, asWritten: plainInteger });

function readNumber(value: string, form: NumberForm): { readonly text: string } | undefined {
  if (value === "NaN" || value === "INF" || value === "-INF") return { text: value };
  let text = bare(value, form);
  // Most numbers are in plain form already.
  if (form === plainForm && text.length <= 20 && /^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])$/.test(text)) return { text };
  if (text === "" || utf8.encode(text).length > mostBytes) return undefined;
  if (form.decimalChar !== ".") {
    if (text.includes(".")) return undefined;
    text = text.replaceAll(form.decimalChar, ".");
  }
  const exact = parseDecimal(text);
  if (exact !== undefined && (exact.mantissa !== 0n || !/[1-9]/.test(text.replace(/[eE].*$/, "")))) return { text: writeDecimal(exact) };
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const near = Number(text);
  return Number.isFinite(near) ? { text: writeReal(near) } : undefined;
}

const plainNumber = type("number", (value) => readNumber(value, plainForm), { rank });

/** The shortest decimal of the same value; very large and small ones with an exponent; `NaN`, `INF`, `-INF`. */
export const number = (form: NumberForm = plainForm): FieldType =>
  form === plainForm ? plainNumber : type("number", (value) => readNumber(value, form), { rank, asWritten: plainNumber });

// Without what may stand around a number (€ 5, 95%) where it is not bare, and without group separators.
function bare(value: string, { isBare, groupChar }: NumberForm): string {
  let text = value;
  if (!isBare) text = /[+-]?\d(?:[^]*\d)?/.exec(value)?.[0] ?? "";
  return groupChar === "" || utf8.encode(text).length > mostBytes ? text : text.replaceAll(groupChar, "");
}
