import type { RandomAccess } from "./bytes.ts";
import { formatFor, tableFormats } from "./formats.ts";
import type { ExportReading } from "./reading.ts";
import * as reddit from "./reddit/definition.ts";
import { readReddit, recogniseReddit } from "./reddit/pass.ts";
import { ExportRefused } from "./refusal.ts";
import { ExportSource } from "./source.ts";
import type { ReadingOptions } from "./source.ts";
import type { Confidence } from "./reading.ts";
import { readTables, recogniseTables } from "./tables/pass.ts";
import { ZipWriter } from "./zip/writer.ts";

export { ExportRefused } from "./refusal.ts";
export { defaultLimits, ownMachineLimits } from "./limits.ts";
export type { RandomAccess } from "./bytes.ts";
export type { ExportLimits } from "./limits.ts";
export type {
  Confidence, Counted, CountedMonth, DroppedItem, ExportAccount, ExportReading, ExportSummary, FileReading, StructureCheck,
} from "./reading.ts";
export type { Progress } from "./source.ts";

/** The member's file: a browser's File is one. It is read by slices and never held whole. */
export interface ExportFile extends RandomAccess {
  readonly name: string;
}

/** Which dataset a file is for. */
export interface DatasetOptions extends ReadingOptions {
  /** The dataset's schema, `reddit-export-v1`; without it the file must be of one format that is known. */
  readonly schema?: string | undefined;
  /** The dataset's own Frictionless descriptor (JSON, UTF-8), where the schema is none of ours. */
  readonly descriptor?: Uint8Array | undefined;
}

export interface ReadOptions extends DatasetOptions {
  /** Takes the cleaned form, a zip, as it is written: what may leave the member's machine. A stream is closed when the reading passed,
   *  and aborted with the error otherwise; what was written must then be thrown away. Without it the export is only read. */
  readonly cleaned?: WritableStream<Uint8Array> | ((chunk: Uint8Array<ArrayBuffer>) => void | Promise<void>) | undefined;
}

/** What a file was taken for, how surely, and by what sign. */
export interface Recognition {
  readonly schema: string;
  /** Of the format, for people. */
  readonly title: string;
  readonly confidence: Confidence;
  readonly evidence: string;
}

const certainty: readonly Confidence[] = ["confirmed", "compatible", "provisional"];

/** What a file may be of the formats that are known, and of the dataset's own schema; surest first, empty when none knows it. */
export async function recognise(file: ExportFile, options: DatasetOptions = {}): Promise<Recognition[]> {
  const source = await ExportSource.open(file, file.name, options);
  const found: Recognition[] = [];
  const asReddit = recogniseReddit(source);
  if (asReddit !== undefined) found.push({ schema: reddit.schema, title: reddit.title, ...asReddit });
  const formats = options.descriptor === undefined ? tableFormats : [...tableFormats, formatFor(options.schema, options.descriptor)!];
  for (const format of formats) {
    const seen = await recogniseTables(format, source);
    if (seen !== undefined) found.push({ schema: format.schema, title: format.title, ...seen });
  }
  return found.sort((a, b) => certainty.indexOf(a.confidence) - certainty.indexOf(b.confidence));
}

/**
 * Reads an export in its provider's own form, or cleaned before: sums it up and, where asked, writes its cleaned form.
 *
 * Runs where there is no page too (a worker) and in flat memory: one record at a time, whatever the export's size. The definitions
 * are the format.json files that the command line reads, so drop list, summary and cleaned form are those of the command line.
 * Throws ExportRefused with the code of the command line, or the signal's reason.
 */
export async function read(file: ExportFile, options: ReadOptions = {}): Promise<ExportReading> {
  const { cleaned } = options;
  const stream = cleaned instanceof WritableStream ? cleaned.getWriter() : undefined;
  const write = stream !== undefined ? (chunk: Uint8Array<ArrayBuffer>): Promise<void> => stream.write(chunk)
    : cleaned instanceof WritableStream ? undefined : cleaned;
  try {
    const zip = write === undefined ? undefined : new ZipWriter({ write: async (chunk) => void (await write(chunk)) });
    const reading = await readWith(file, options, zip);
    options.signal?.throwIfAborted();
    // Nothing that fails a check may leave.
    const failed = reading.checks.find((check) => check.refusal !== undefined)?.refusal;
    if (failed !== undefined) throw failed;
    await zip?.finish();
    await stream?.close();
    return reading;
  } catch (error) {
    await stream?.abort(error).catch(() => undefined);
    throw error;
  }
}

async function readWith(file: ExportFile, options: ReadOptions, zip: ZipWriter | undefined): Promise<ExportReading> {
  const schema = options.schema ?? (options.descriptor === undefined ? await onlySchema(file, options) : undefined);
  if (schema === reddit.schema && options.descriptor === undefined) return readReddit(await ExportSource.openArchive(file, options), zip);
  const format = formatFor(schema, options.descriptor);
  if (format === undefined)
    throw new ExportRefused("export.not_recognised", `${schema} is no schema that is known here.`, "Ask the DAO for its dataset's descriptor.");
  return readTables(format, await ExportSource.open(file, file.name, options), zip);
}

// The one format that the file is of.
async function onlySchema(file: ExportFile, options: ReadOptions): Promise<string> {
  const found = await recognise(file, { limits: options.limits, signal: options.signal });
  const [first, second] = found;
  if (first !== undefined && (second === undefined || second.confidence !== first.confidence)) return first.schema;
  throw new ExportRefused(
    "export.not_recognised",
    first === undefined ? `The file is no export that is known: looked for ${[reddit.title, ...tableFormats.map(({ title }) => title)].join("; ")}.`
      : `The file may be ${found.map(({ title, evidence }) => `${title} (${evidence})`).join(" or ")}`,
    "Pass the export as you received it, unopened.");
}
