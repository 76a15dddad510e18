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

export interface CountedMonth {
  readonly kind: string;
  /** `2025-03`. */
  readonly month: string;
  readonly rows: number;
}

/** What an export holds, for people: counts only, no text. */
export interface ExportSummary {
  readonly rows: number;
  readonly bytes: number;
  /** Most rows first. */
  readonly byKind: readonly Counted[];
  readonly byMonth: readonly Counted[];
  /** In the order of `byKind`, then by month. */
  readonly byKindAndMonth: readonly CountedMonth[];
  /** The 25 with the most rows. */
  readonly topPlaces: readonly Counted[];
  /** How many were named. */
  readonly places: number;
  /** What places are called, plural: `communities`, `domains`. */
  readonly placeWord: string;
}

/** How well a file agrees with the forms that are known: `provisional` where they are known at second hand, or something usual lacks. */
export type Confidence = "provisional" | "compatible" | "confirmed";

/** One file as it was read; a file that fills several tables is there once for each. */
export interface FileReading {
  readonly name: string;
  readonly kind: string;
  readonly bytes: number;
  readonly rows: number;
  readonly confidence: Confidence;
}

/** The outcome of one pass over an export. */
export interface ExportReading {
  readonly schema: string;
  /** Of the format, for people. */
  readonly title: string;
  readonly confidence: Confidence;
  readonly account: ExportAccount;
  readonly files: readonly FileReading[];
  readonly dropped: readonly DroppedItem[];
  readonly checks: readonly StructureCheck[];
  /** Sentences on what should be looked at before anything is sent, such as a form that is known at second hand. */
  readonly notes: readonly string[];
  readonly summary: ExportSummary;
}
