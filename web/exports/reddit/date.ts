import { decode } from "../bytes.ts";

const form = /^(\d{4})-(\d\d)-(\d\d)[ t](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?: UTC|Z|\+00:00)$/i;

/** Reddit's dates: `2019-01-01 20:49:28 UTC`, or the same moment as RFC 3339 in UTC. Milliseconds since 1970; undefined for none. */
export function parseDate(text: string): number | undefined {
  const parts = form.exec(text);
  if (parts === null || !/ UTC$|Z$|\+00:00$/.test(text)) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  if (year < 1970 || year > 9998 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  return day >= 1 && new Date(at).getUTCDate() === day ? at : undefined;
}

const tail = [0x20, 0x55, 0x54, 0x43];
const digits = (bytes: Uint8Array, at: number): number => (bytes[at]! - 0x30) * 10 + bytes[at + 1]! - 0x30;
let lastDay = NaN;
let lastDayAt = 0;

/** The same of bytes; nearly all are `2019-01-01 20:49:28 UTC`, and many in a row are of one day. */
export function parseDateBytes(bytes: Uint8Array): number | undefined {
  if (bytes.length !== 23 || bytes[10] !== 0x20 || bytes[13] !== 0x3a || bytes[16] !== 0x3a || tail.some((letter, i) => bytes[19 + i] !== letter))
    return parseDate(decode(bytes));
  for (const at of digitsAt) if (bytes[at]! < 0x30 || bytes[at]! > 0x39) return parseDate(decode(bytes));
  const [hour, minute, second] = [digits(bytes, 11), digits(bytes, 14), digits(bytes, 17)];
  const day = ((digits(bytes, 0) * 100 + digits(bytes, 2)) * 100 + digits(bytes, 5)) * 100 + digits(bytes, 8);
  if (hour > 23 || minute > 59 || second > 59 || bytes[4] !== 0x2d || bytes[7] !== 0x2d) return parseDate(decode(bytes));
  if (day !== lastDay) {
    const at = parseDate(`${decode(bytes.subarray(0, 10))} 00:00:00 UTC`);
    if (at === undefined) return undefined;
    lastDay = day;
    lastDayAt = at;
  }
  return lastDayAt + ((hour * 60 + minute) * 60 + second) * 1000;
}

const digitsAt = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18];

/** As messages show a moment: 2019-01-01 20:49:28Z. */
export const shown = (at: number): string => new Date(at).toISOString().slice(0, 19).replace("T", " ") + "Z";
