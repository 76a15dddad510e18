import { ordinal } from "./bytes.ts";
import type { PlaceCounter } from "./places.ts";
import type { Confidence, Counted, ExportSummary, FileReading } from "./reading.ts";

const top = 25;

/** Counts rows by kind and month while they pass. */
export class RowCounter {
  readonly #kinds = new Map<string, number>();
  readonly #months = new Map<string, Map<number, number>>();

  add(kind: string, rows: number): void {
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + rows);
  }

  /** Counts by month (of years × 12) of one kind. */
  months(kind: string): Map<number, number> {
    let months = this.#months.get(kind);
    if (months === undefined) this.#months.set(kind, (months = new Map()));
    return months;
  }

  summary(bytes: number, places: PlaceCounter, placeWord: string): ExportSummary {
    const byKind = [...this.#kinds].map(([name, rows]) => ({ name, rows })).filter(({ rows }) => rows > 0).sort(byRows);
    const byKindAndMonth = byKind.flatMap(({ name: kind }) =>
      [...(this.#months.get(kind) ?? [])].sort(([a], [b]) => a - b).map(([month, rows]) => ({ kind, month: monthName(month), rows })));
    const byMonth = new Map<string, number>();
    for (const { month, rows } of byKindAndMonth) byMonth.set(month, (byMonth.get(month) ?? 0) + rows);
    return {
      rows: byKind.reduce((sum, kind) => sum + kind.rows, 0),
      bytes,
      byKind,
      byMonth: [...byMonth].map(([name, rows]) => ({ name, rows })).sort((a, b) => ordinal(a.name, b.name)),
      byKindAndMonth,
      topPlaces: [...places].map(([name, rows]) => ({ name, rows })).sort(byRows).slice(0, top),
      places: places.size,
      placeWord,
    };
  }
}

/** The month of a moment, as `months` counts them. */
export function monthOf(milliseconds: number): number {
  const date = new Date(milliseconds);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

const monthName = (month: number): string => `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;

const byRows = (a: Counted, b: Counted): number => b.rows - a.rows || ordinal(a.name, b.name);

const certainty: readonly Confidence[] = ["provisional", "compatible", "confirmed"];

export const leastSure = (files: readonly { readonly confidence: Confidence }[]): Confidence =>
  certainty[Math.min(...files.map((file) => certainty.indexOf(file.confidence)))] ?? "provisional";

/** What a member should look at before anything is sent; `ExportReading.Notes` says the same. */
export function notesOn(files: readonly FileReading[]): string[] {
  const unsure = [...new Set(files.filter((file) => file.confidence === "provisional").map((file) => file.name))];
  return unsure.map((name) => `${name} is in a form that is known at second hand, or lacks a usual column: look at its cleaned form before you send it.`);
}
