import { count, units } from "../../shared/format.ts";
import { inWords } from "../storage.ts";

/** "comment votes". */
export const kindWord = (name: string): string => name.replaceAll("_", " ");

/** Points (a million to the token) as tokens, exactly. */
export const tokens = (points: string | bigint): string => `${units(BigInt(points), 6)} ${BigInt(points) === 1_000_000n ? "token" : "tokens"}`;

/** Points that are only estimated, as tokens, to two digits that mean something. */
export function roughTokens(points: number): string {
  const value = points / 1e6;
  return value >= 100 ? count(Math.round(value / 10) * 10) : value >= 10 ? count(Math.round(value)) : value.toLocaleString(undefined, { maximumSignificantDigits: 2 });
}

export const monthWord = (month: string): string =>
  new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-01T00:00:00Z`));

/** What went wrong, from whatever was thrown: in words, with what to do. */
export function wordsOf(error: unknown): { readonly detail: string; readonly hint: string; readonly code: string } {
  const { code, detail, hint, message } = inWords(error) as { code?: string; detail?: string; hint?: string; message?: string };
  return { code: typeof code === "string" ? code : "browser.failed", detail: detail ?? message ?? String(error), hint: hint ?? "" };
}
