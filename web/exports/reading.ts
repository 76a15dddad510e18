import type { ExportRefused } from "./refusal.ts";

/** A file (or one column, or rows of it) that cleaning leaves behind, and why. */
export interface DroppedItem {
  readonly file: string;
  readonly column: string | null;
  readonly rows: number;
  readonly reason: string;
}

/** Whose export it is, as the export tells it: unsigned. Times in milliseconds since 1970. */
export interface ExportAccount {
  readonly platform: string;
  readonly id: string | null;
  readonly registeredAt: number | null;
  readonly exportedAt: number | null;
}

export type CheckOutcome = "Passed" | "Failed" | "NotChecked";

/** One named check with its evidence; `refusal` is set exactly when it failed. */
export interface StructureCheck {
  readonly name: string;
  readonly outcome: CheckOutcome;
  readonly evidence: string;
  readonly refusal?: ExportRefused;
}

export interface Counted {
  readonly name: string;
  readonly rows: number;
}

/** What an export holds, for people: counts only, no text. */
export interface ExportSummary {
  readonly rows: number;
  readonly bytes: number;
  readonly byKind: readonly Counted[];
  readonly byMonth: readonly Counted[];
  readonly topPlaces: readonly Counted[];
  readonly places: number;
  readonly placeWord: string;
}

/** The outcome of one pass over an export. */
export interface ExportReading {
  readonly schema: string;
  readonly account: ExportAccount;
  readonly dropped: readonly DroppedItem[];
  readonly checks: readonly StructureCheck[];
  readonly summary: ExportSummary;
}
