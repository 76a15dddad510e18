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

/** As messages show a moment: 2019-01-01 20:49:28Z. */
export const shown = (at: number): string => new Date(at).toISOString().slice(0, 19).replace("T", " ") + "Z";
