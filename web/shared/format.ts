// Numbers, times and amounts as this reader writes them.

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const whole = new Intl.NumberFormat();

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1],
];

/** "in 3 days", "2 minutes ago". */
export function ago(unixSeconds: number, now = Date.now() / 1000): string {
  const distance = unixSeconds - now;
  const [unit, seconds] = steps.find(([, size]) => Math.abs(distance) >= size) ?? ["second", 1];
  return relative.format(Math.round(distance / seconds), unit);
}

export const moment = (unixSeconds: number): string => exact.format(new Date(unixSeconds * 1000));

export const count = (value: number | bigint): string => whole.format(value);

/** "1 file", "2 files". */
export const counted = (value: number | bigint, noun: string, plural = `${noun}s`): string => `${whole.format(value)} ${BigInt(value) === 1n ? noun : plural}`;

/** Base units as whole units, exactly, without trailing zeros. */
export function units(value: bigint, decimals: number): string {
  const sign = value < 0n ? "−" : "";
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const fraction = decimals === 0 ? "" : digits.slice(-decimals).replace(/0+$/, "");
  const point = (1.5).toLocaleString().charAt(1);
  return `${sign}${whole.format(BigInt(decimals === 0 ? digits : digits.slice(0, -decimals)))}${fraction === "" ? "" : point + fraction}`;
}

const sizes = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** "3.2 MB" (powers of a thousand). */
export function bytes(value: number): string {
  let scale = 0;
  let rest = value;
  while (rest >= 999.5 && scale < sizes.length - 1) (rest /= 1000), scale++;
  return `${rest.toLocaleString(undefined, { maximumFractionDigits: rest < 10 && scale > 0 ? 1 : 0 })} ${sizes[scale]!}`;
}
