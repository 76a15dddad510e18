import type { RandomAccess } from "./bytes.ts";
import { commandLineSchemas, tableFormats } from "./formats.ts";
import { defaultLimits } from "./limits.ts";
import type { ExportLimits } from "./limits.ts";
import type { ExportReading } from "./reading.ts";
import * as reddit from "./reddit/definition.ts";
import { readReddit, recogniseReddit } from "./reddit/pass.ts";
import { ExportRefused } from "./refusal.ts";
import { ExportSource } from "./source.ts";
import type { Confidence } from "./tables/definition.ts";
import { readTables } from "./tables/pass.ts";
import { SourcePlan } from "./tables/plan.ts";
import { ZipWriter } from "./zip/writer.ts";
import type { Sink } from "./zip/writer.ts";

export { ExportRefused } from "./refusal.ts";
export { defaultLimits } from "./limits.ts";
export type { RandomAccess } from "./bytes.ts";
export type { ExportLimits } from "./limits.ts";
export type { Counted, DroppedItem, ExportAccount, ExportReading, ExportSummary, StructureCheck } from "./reading.ts";
export type { Sink } from "./zip/writer.ts";

/** What a file was taken for, how surely, and by what sign. */
export interface Recognition {
  readonly schema: string;
  readonly confidence: Confidence;
  readonly evidence: string;
}

/** What a file may be of the formats that are read here, surest first; empty when none knows it. */
export async function recogniseExport(file: RandomAccess, fileName: string, limits: ExportLimits = defaultLimits): Promise<Recognition[]> {
  const source = await ExportSource.open(file, fileName, limits);
  const found: Recognition[] = [];
  const asReddit = recogniseReddit(source);
  if (asReddit !== undefined) found.push({ schema: reddit.schema, ...asReddit });
  for (const format of tableFormats) {
    const plan = await SourcePlan.make(format, source);
    if (plan.confidence !== undefined) found.push({ schema: format.schema, confidence: plan.confidence, evidence: `${plan.evidence}.` });
  }
  const certainty: readonly Confidence[] = ["confirmed", "compatible", "provisional"];
  return found.sort((a, b) => certainty.indexOf(a.confidence) - certainty.indexOf(b.confidence));
}

/**
 * Reads an export of the given schema in its provider's own form, and with a sink writes its cleaned form there: what may leave the
 * member's machine. Memory does not grow with the export.
 *
 * The definitions are the format.json files that the command line reads. On a refusal what was written must be thrown away.
 */
export async function cleanExport(
  file: RandomAccess, fileName: string, schema: string, sink?: Sink, limits: ExportLimits = defaultLimits): Promise<ExportReading> {
  const writer = sink === undefined ? undefined : new ZipWriter(sink);
  const reading = await readExport(file, fileName, schema, writer, limits);
  // Nothing that fails a check may leave.
  const failed = reading.checks.find((check) => check.refusal !== undefined)?.refusal;
  if (failed !== undefined) throw failed;
  await writer?.finish();
  return reading;
}

async function readExport(
  file: RandomAccess, fileName: string, schema: string, writer: ZipWriter | undefined, limits: ExportLimits): Promise<ExportReading> {
  if (schema === reddit.schema) return readReddit(await ExportSource.openArchive(file, limits), writer);
  const format = tableFormats.find((known) => known.schema === schema);
  if (format !== undefined) return readTables(format, await ExportSource.open(file, fileName, limits), writer);
  throw commandLineSchemas.includes(schema)
    ? new ExportRefused("export.not_in_browser", `${schema} needs a reader that the browser does not have yet.`, "commonhold contribute")
    : new ExportRefused("export.not_recognised", `${schema} is no schema that is known here.`, "A dataset with a schema of its own: commonhold contribute");
}
