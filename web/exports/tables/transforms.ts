import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import devices from "../../../src/Commonhold.Exports/Tables/Transforms/devices.json";
import { encoder } from "../bytes.ts";
import { countedMoment, daysOf, parseMoment, parseXMoment, writeMoment } from "./moment.ts";
import type { Moment } from "./moment.ts";
import { cleanUrl, hostOf } from "./url.ts";

/** Turns a source's value into a table's; undefined when it is no such value. The closed list of TransformList.cs. */
export type Transform = (value: string) => string | undefined;

const space = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const spaceAround = new RegExp(`^${space}|${space}$`, "g");

/** Latin letters in lower case; other letters as they are, since their case differs by language and library. */
export const lower = (value: string): string => value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

// No time means midnight.
const moment = (value: string): Moment | undefined => parseMoment(value.length === 10 ? `${value} 00:00` : value);

const written = (moment: Moment | undefined): string | undefined => (moment === undefined ? undefined : writeMoment(moment));

const counted = (epochSeconds: number, perSecond: number): Transform => (value) => written(countedMoment(value, epochSeconds, perSecond));

const dateOf = (monthAt: number, dayAt: number): Transform => (value) => {
  const parts = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})$/.exec(value);
  if (parts === null) return undefined;
  const short = Number(parts[3]);
  const year = parts[3]!.length === 2 ? short + (short < 69 ? 2000 : 1900) : short;
  const [month, day] = [Number(parts[1 + monthAt]), Number(parts[1 + dayAt])];
  const days = daysOf(year, month, day);
  return days === undefined ? undefined : writeMoment({ seconds: days * 86_400, ticks: 0 }).slice(0, 10);
};

const decimal = /^[\t-\r ]*(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]?infinity|[+-]?nan)[\t-\r ]*$/i;

// A fraction is cut.
function integer(value: string): string | undefined {
  if (/^[-0-9]*$/.test(value)) return value;
  const parts = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/.exec(value);
  if (parts === null || ((parts[2] ?? "") === "" && (parts[3] ?? "") === "")) return undefined;
  const fraction = parts[3] ?? "";
  const shift = Number(parts[4] ?? 0);
  // .NET's decimal ends at 28 digits.
  if (shift > 28) return undefined;
  const all = (parts[2] ?? "") + fraction;
  const whole = all.slice(0, Math.max(0, all.length - fraction.length + shift)).padEnd((parts[2] ?? "").length + shift, "0").replace(/^0+/, "");
  if (whole.length > 29) return undefined;
  return whole === "" ? "0" : (parts[1] === "-" ? "-" : "") + whole;
}

function boolean(value: string): string | undefined {
  const word = lower(value);
  return ["true", "yes", "1"].includes(word) ? "true" : ["false", "no", "0"].includes(word) ? "false" : undefined;
}

function durationSeconds(value: string): string | undefined {
  const parts = value.split(":");
  if (parts.length > 3 || parts.some((part, i) => !/^\d{1,5}$/.test(part) || (i > 0 && Number(part) > 59))) return undefined;
  return String(parts.reduce((seconds, part) => seconds * 60 + Number(part), 0));
}

function device(value: string): string {
  const bytes = encoder.encode(value).length;
  if (bytes === 0 || bytes > 512) return "other";
  const padded = ` ${lower(value)} `;
  // The first class with a word in the name decides.
  return devices.find(({ words }) => words.some((word) => padded.includes(word)))?.class ?? "other";
}

export const transforms: ReadonlyMap<string, Transform> = new Map<string, Transform>([
  ["trim", (value): string => value.replace(spaceAround, "")],
  ["lower", lower],
  ["tag", (value): string => bytesToHex(sha256(encoder.encode(value))).slice(0, 4)],
  ["device", device],
  ["last-segment", (value): string => value.slice(Math.max(value.lastIndexOf(":"), value.lastIndexOf("/")) + 1)],
  ["before-colon", (value): string => /^([^]+?): /.exec(value)?.[1] ?? value],
  ["integer", integer],
  ["number", (value): string | undefined => (decimal.test(value) ? value : undefined)],
  ["boolean", boolean],
  ["duration-seconds", durationSeconds],
  ["datetime", (value): string | undefined => written(moment(value))],
  ["unix-seconds", counted(0, 1)],
  ["unix-milliseconds", counted(0, 1000)],
  ["unix-microseconds", counted(0, 1_000_000)],
  ["webkit-microseconds", counted(-11_644_473_600, 1_000_000)],
  ["x-datetime", (value): string | undefined => written(parseXMoment(value))],
  ["date-mdy", dateOf(0, 1)],
  ["date-dmy", dateOf(1, 0)],
  ["url", cleanUrl],
  ["domain", (value): string | undefined => {
    const host = hostOf(value);
    return host === undefined ? undefined : lower(host);
  }],
]);
