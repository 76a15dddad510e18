// Numbers and durations as the node's own sentences have them (Commonhold.Server.Web.Components.Text), digit for digit: what is signed
// is compared with what was shown, so it must not depend on the reader's language.

/** 12,345. */
export const grouped = (value: bigint | number): string => BigInt(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");

/** "1 contribution", "2,000 contributions". */
export const counted = (value: bigint | number, noun: string): string => `${grouped(value)} ${BigInt(value) === 1n ? noun : `${noun}s`}`;

/** Base units as whole units, exactly: 1,000.5. */
export function units(value: bigint, decimals: number): string {
  const positive = value < 0n ? -value : value;
  const scale = 10n ** BigInt(decimals);
  const rest = positive % scale;
  const fraction = rest === 0n ? "" : `.${rest.toString().padStart(decimals, "0").replace(/0+$/, "")}`;
  return `${value < 0n ? "−" : ""}${grouped(positive / scale)}${fraction}`;
}

/** Basis points: "12.5%". */
export const percent = (bps: bigint): string => `${units(bps, 2)}%`;

export const tokens = (value: bigint, decimals: number): string => `${units(value, decimals)} token${value === 10n ** BigInt(decimals) ? "" : "s"}`;

/** 0x1234…cdef; what is short stays whole. */
export const short = (value: string): string =>
  value.length <= 16 ? value : `${value.slice(0, value.startsWith("0x") ? 8 : 10)}…${value.slice(-6)}`;

const spans: readonly (readonly [string, bigint])[] = [["year", 31_536_000n], ["day", 86_400n], ["hour", 3600n], ["minute", 60n], ["second", 1n]];

/** "3 days", "1 hour 20 minutes": the two largest units that matter. */
export function duration(seconds: bigint): string {
  const parts: string[] = [];
  for (const [noun, size] of spans) {
    if (parts.length === 2) break;
    const count = seconds / size;
    seconds %= size;
    if (count > 0n) parts.push(counted(count, noun));
    else if (parts.length === 1) break;
  }
  return parts.length === 0 ? "0 seconds" : parts.join(" ");
}
