/** A moment to 100 ns, as .NET has it: seconds since 1970 and the rest of the second in ticks. */
export interface Moment {
  readonly seconds: number;
  readonly ticks: number;
}

export const ticksPerSecond = 10_000_000;
const firstSecond = -62_135_596_800; // 0001-01-01
const lastSecond = 253_402_300_799; // 9999-12-31 23:59:59

const form = /^(\d{4})-(\d\d)-(\d\d)[ tT](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? *(Z|z|UTC|GMT|[+-]\d\d(?:\d\d|:\d\d)?)?$/;

/** Reads a moment as programs write it: ISO 8601 with its usual disorders; without a zone it is UTC. */
export function parseMoment(text: string): Moment | undefined {
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const days = daysOf(Number(year), Number(month), Number(day));
  return days === undefined ? undefined : timeOn(days, Number(hour), Number(minute), Number(second ?? 0), fraction ?? "", zone ?? "");
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const xForm = /^[^]{3} ([A-Za-z]{3,9}) (\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2}) (Z|[+-]\d\d(?:\d\d|:\d\d)?) (\d{4})$/;

/** `Wed Oct 10 20:19:24 +0000 2018`; the name of the day is not looked at. */
export function parseXMoment(text: string): Moment | undefined {
  const parts = xForm.exec(text);
  if (parts === null) return undefined;
  const [, month, day, hour, minute, second, zone, year] = parts as unknown as [string, string, string, string, string, string, string, string];
  const days = daysOf(Number(year), months.indexOf(month.toLowerCase()) + 1, Number(day));
  return days === undefined ? undefined : timeOn(days, Number(hour), Number(minute), Number(second), "", zone);
}

/** A count of units since an epoch: `count` is a decimal, `perSecond` the units of a second. */
export function countedMoment(count: string, epochSeconds: number, perSecond: number): Moment | undefined {
  const ticks = scaled(count, BigInt(ticksPerSecond / perSecond));
  if (ticks === undefined) return undefined;
  const perSecondBig = BigInt(ticksPerSecond);
  let seconds = ticks / perSecondBig;
  let rest = ticks % perSecondBig;
  if (rest < 0n) {
    seconds -= 1n;
    rest += perSecondBig;
  }
  return inRange({ seconds: Number(seconds) + epochSeconds, ticks: Number(rest) });
}

// A decimal times a whole number, rounded to the nearest, halves to even: exact, as a double is not.
function scaled(text: string, by: bigint): bigint | undefined {
  const parts = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/.exec(text);
  if (parts === null || ((parts[2] ?? "") === "" && (parts[3] ?? "") === "")) return undefined;
  const fraction = parts[3] ?? "";
  const exponent = Number(parts[4] ?? 0) - fraction.length;
  if (exponent > 30 || exponent < -60) return undefined;
  const digits = BigInt((parts[2] ?? "") + fraction) * by;
  let whole = exponent >= 0 ? digits * 10n ** BigInt(exponent) : digits / 10n ** BigInt(-exponent);
  if (exponent < 0) {
    const divisor = 10n ** BigInt(-exponent);
    const twice = 2n * (digits % divisor);
    if (twice > divisor || (twice === divisor && whole % 2n === 1n)) whole += 1n;
  }
  return parts[1] === "-" ? -whole : whole;
}

function timeOn(days: number, hour: number, minute: number, second: number, fraction: string, zone: string): Moment | undefined {
  // A leap second, :60, is written as the second after it.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const offset = offsetOf(zone);
  if (offset === undefined) return undefined;
  return inRange({
    seconds: days * 86_400 + hour * 3600 + minute * 60 + second - offset,
    ticks: Number(fraction.slice(0, 7).padEnd(7, "0")),
  });
}

export function offsetOf(zone: string): number | undefined {
  if (!/^[+-]/.test(zone)) return 0;
  const hour = Number(zone.slice(1, 3));
  const minute = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  if (hour > 14 || minute > 59) return undefined;
  return (hour * 3600 + minute * 60) * (zone.startsWith("-") ? -1 : 1);
}

export const inRange = (moment: Moment): Moment | undefined =>
  moment.seconds >= firstSecond && moment.seconds <= lastSecond ? moment : undefined;

/** Days since 1970 of a date that there is. */
export function daysOf(year: number, month: number, day: number): number | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCDate() === day ? Math.round(date.getTime() / 86_400_000) : undefined;
}

/** The plain form: `2019-01-01T20:49:28.5Z`. */
export function writeMoment(moment: Moment): string {
  const whole = isoSeconds(moment.seconds);
  const fraction = String(moment.ticks).padStart(7, "0").replace(/0+$/, "");
  return fraction === "" ? `${whole}Z` : `${whole}.${fraction}Z`;
}

/** `20:49[:28[.5]]` as a moment of the first day that is counted. */
export function parseTimeOfDay(text: string): Moment | undefined {
  const parts = /^(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?$/.exec(text);
  const moment = parts === null ? undefined : timeOn(0, Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0), parts[4] ?? "", "");
  return moment === undefined || moment.seconds >= 86_400 ? undefined : moment;
}

export const secondsOfDay = (moment: Moment): number => ((moment.seconds % 86_400) + 86_400) % 86_400;

/** The plain form of a time of day: `20:49:28.5`. */
export const writeTimeOfDay = (moment: Moment): string => writeMoment(moment).slice(11, -1);

/** 100 ns since 1970. */
export const ticksOf = (moment: Moment): bigint => BigInt(moment.seconds) * BigInt(ticksPerSecond) + BigInt(moment.ticks);

/** As messages show a moment: `2019-01-01 20:49:28Z`. */
export const shownMoment = (moment: Moment): string => isoSeconds(moment.seconds).replace("T", " ") + "Z";

let lastDay = NaN;
let lastDate = "";

// Rows that follow each other are mostly of one day.
function isoSeconds(seconds: number): string {
  const day = Math.floor(seconds / 86_400);
  if (day !== lastDay) {
    lastDay = day;
    lastDate = new Date(day * 86_400_000).toISOString().slice(0, 10);
  }
  const rest = seconds - day * 86_400;
  const minutes = Math.floor(rest / 60);
  return `${lastDate}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(rest % 60)}`;
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

export const compareMoments = (a: Moment, b: Moment): number => a.seconds - b.seconds || a.ticks - b.ticks;
