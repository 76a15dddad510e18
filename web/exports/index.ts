import type { RandomAccess } from "./bytes.ts";
import { defaultLimits } from "./limits.ts";
import type { ExportLimits } from "./limits.ts";
import type { ExportReading } from "./reading.ts";
import { readReddit, recogniseReddit } from "./reddit/pass.ts";
import { ExportRefused } from "./refusal.ts";
import { ExportSource } from "./source.ts";
import { ZipWriter } from "./zip/writer.ts";
import type { Sink } from "./zip/writer.ts";

export { ExportRefused } from "./refusal.ts";
export { defaultLimits } from "./limits.ts";
export type { ExportLimits } from "./limits.ts";
export type { DroppedItem, ExportAccount, ExportReading, ExportSummary, StructureCheck } from "./reading.ts";
export type { Sink } from "./zip/writer.ts";

/**
 * Reads an export of the given schema, and with a sink writes its cleaned form there: what may leave the member's machine.
 *
 * The definitions are the format.json files that the command line reads. On a refusal what was written must be thrown away.
 */
export async function cleanExport(
  file: RandomAccess, fileName: string, schema: string, sink?: Sink, limits: ExportLimits = defaultLimits): Promise<ExportReading> {
  const writer = sink === undefined ? undefined : new ZipWriter(sink);
  const source = schema === "reddit-export-v1"
    ? await ExportSource.openArchive(file, limits)
    : await ExportSource.open(file, fileName, limits);
  if (schema !== "reddit-export-v1") throw new ExportRefused("export.unknown_schema", `${schema} is not read here.`, "Use the command line.");
  const reading = await readReddit(source, writer);
  // Nothing that fails a check may leave.
  const failed = reading.checks.find((check) => check.refusal !== undefined)?.refusal;
  if (failed !== undefined) throw failed;
  await writer?.finish();
  return reading;
}

export { recogniseReddit };
