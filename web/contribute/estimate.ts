import type { ExportReading } from "../exports/index.ts";
import type { ContributionPolicy, EvidenceLevel } from "./policy.ts";
import { weightsOf } from "./weights.ts";

/** Points (a million to the token) that an export may earn, by kind. */
export interface Estimate {
  readonly low: number;
  readonly high: number;
  /** Most first; kinds that earn nothing are not in it. */
  readonly byKind: readonly KindEstimate[];
}

export interface KindEstimate {
  readonly name: string;
  readonly rows: number;
  readonly low: number;
  readonly high: number;
}

/**
 * What an export may earn: the formula of docs/value.md over counts, w · E · ln(1 + Σ q) for each kind, place and quarter.
 *
 * A page knows how many rows there are of each kind and month, and the places with the most rows, but not which row lies where, so rows are
 * spread over places as the whole export's are; and it knows nothing of what others contributed. Hence a range, and the validator decides.
 */
export function estimate(reading: Pick<ExportReading, "schema" | "summary">, policy: ContributionPolicy, level: EvidenceLevel): Estimate {
  const evidence = policy.weights[level] / 1000;
  const shares = placeShares(reading);
  const weights = weightsOf(reading.schema, policy.descriptor);
  const byKind = reading.summary.byKind.flatMap(({ name, rows }) => {
    const kind = weights.get(name);
    if (kind === undefined) return [];
    const places = kind.hasPlaces ? shares : [1];
    const quarters = rowsByQuarter(reading, name, rows);
    const value = (quality: number): number =>
      evidence * kind.weight * quarters.reduce((sum, count) => sum + places.reduce((all, share) => all + Math.log1p(quality * count * share), 0), 0);
    return [{ name, rows, low: value(kind.lowQuality), high: value(kind.highQuality) }];
  });
  const most = Number(policy.thresholds.maxPointsPerVerdict);
  const sum = (of: "low" | "high"): number => Math.min(most, byKind.reduce((total, kind) => total + kind[of], 0));
  return { low: sum("low"), high: sum("high"), byKind: byKind.sort((a, b) => b.high - a.high) };
}

function rowsByQuarter(reading: Pick<ExportReading, "summary">, kind: string, rows: number): number[] {
  const quarters = new Map<string, number>();
  for (const { kind: of, month, rows: count } of reading.summary.byKindAndMonth) {
    if (of !== kind) continue;
    const quarter = `${month.slice(0, 4)}-${Math.floor((Number(month.slice(5)) - 1) / 3)}`;
    quarters.set(quarter, (quarters.get(quarter) ?? 0) + count);
  }
  // Kinds without dates have one quarter.
  return quarters.size === 0 ? [rows] : [...quarters.values()];
}

function placeShares(reading: Pick<ExportReading, "summary">): number[] {
  const { topPlaces, places, byKind } = reading.summary;
  const all = byKind.reduce((sum, { rows }) => sum + rows, 0);
  const named = topPlaces.reduce((sum, { rows }) => sum + rows, 0);
  if (named === 0 || all === 0) return [1];
  const others = Math.max(0, places - topPlaces.length);
  const rest = others === 0 ? 0 : Math.max(0, all - named);
  const total = named + rest;
  return [...topPlaces.map(({ rows }) => rows / total), ...Array.from({ length: others }, () => rest / others / total)];
}
