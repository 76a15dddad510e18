import { grouped, readAt, startsWith, view } from "../bytes.ts";
import type { RandomAccess } from "../bytes.ts";
import type { ExportLimits } from "../limits.ts";
import { ExportRefused, show } from "../refusal.ts";
import { readCentralRecord } from "./central-record.ts";
import * as zip from "./format.ts";
import type { ZipEntry, ZipRules } from "./format.ts";
import { checkLocalHeaders } from "./local-headers.ts";

/**
 * Reads an archive's central directory as hostile input, before a byte is inflated.
 *
 * What is tolerated: an archive comment, data descriptors, and extra fields that carry times and owners. The entries must tile
 * the file from its first byte to the central directory, and the directory must reach to the end record, so there is no room for
 * overlapping entries, data before the archive, or bytes that another reader would see differently.
 */
export async function readDirectory(source: RandomAccess, limits: ExportLimits, rules: ZipRules): Promise<ZipEntry[]> {
  const most = rules === "strict" ? limits.archiveBytes : zip.none;
  if (source.size > most) throw zip.tooLarge(`The archive has ${grouped(source.size)} bytes; the limit is ${grouped(most)}.`);
  const { count, offset, size } = await findDirectory(source, rules);
  const mostEntries = rules === "strict" ? limits.entries : 0xfffe;
  if (count > mostEntries)
    throw new ExportRefused(
      "export.too_many_entries", `The archive has ${grouped(count)} entries; the limit is ${mostEntries}.`, zip.downloadAgain);

  let rest = await readAt(source, offset, size);
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    const { entry, length } = readCentralRecord(rest, rules);
    entries.push(entry);
    rest = rest.subarray(length);
  }
  if (rest.length > 0) throw zip.malformed(`The central directory has ${rest.length} bytes more than its ${count} records.`);

  refuseDuplicates(entries);
  if (rules === "strict") refuseBombs(entries, limits);
  await checkLocalHeaders(source, entries, offset);
  return entries.filter((entry) => !entry.isFolder);
}

/** Refuses an entry that would inflate beyond the limits. */
export function refuseBomb(entry: ZipEntry, limits: ExportLimits): void {
  if (entry.size > limits.ratioFreeBytes && Math.floor(entry.size / limits.ratio) > entry.compressedSize)
    throw new ExportRefused(
      "export.zip_bomb",
      `${entry.name} would inflate ${grouped(entry.compressedSize)} bytes to ${grouped(entry.size)}; the limit is ${limits.ratio} to 1.`,
      zip.downloadAgain);
  if (entry.size > limits.fileBytes)
    throw zip.tooLarge(`${entry.name} has ${grouped(entry.size)} bytes; the limit is ${grouped(limits.fileBytes)}.`);
}

async function findDirectory(source: RandomAccess, rules: ZipRules): Promise<{ count: number; offset: number; size: number }> {
  const tailLength = Math.min(source.size, zip.endOfDirectorySize + 0xffff);
  const tail = await readAt(source, source.size - tailLength, tailLength);
  const at = lastIndexOfSignature(tail);
  if (at < 0 || at + zip.endOfDirectorySize > tailLength) {
    const head = await readAt(source, 0, Math.min(4, source.size));
    throw startsWith(head, [0x50, 0x4b, 3, 4])
      ? zip.truncated("The archive's end record is missing.")
      : new ExportRefused("export.not_zip", "The file is not a ZIP archive.", zip.downloadAgain);
  }

  const end = view(tail.subarray(at));
  const comment = end.getUint16(20, true);
  if (end.byteLength !== zip.endOfDirectorySize + comment)
    throw zip.malformed(`${end.byteLength - zip.endOfDirectorySize} bytes follow the end record, which announces ${comment}.`);
  const endOffset = source.size - end.byteLength;
  const here = end.getUint16(8, true);
  const count = end.getUint16(10, true);
  const size = end.getUint32(12, true);
  const offset = end.getUint32(16, true);
  if (count === 0xffff || size === zip.none || offset === zip.none) throw zip.zip64("The end record refers to a zip64 record.");
  if (end.getUint32(4, true) !== 0 || here !== count) throw zip.malformed("The archive spans several disks.");
  if (offset + size > endOffset) throw zip.truncated("The central directory reaches past the end record.");
  if (offset + size < endOffset)
    throw zip.malformed("There are bytes between the central directory and the end record, or before the archive.");
  const most = rules === "strict" ? 256 << 10 : 16 << 20;
  if (size > most) throw zip.malformed(`The central directory has ${grouped(size)} bytes; the limit is ${grouped(most)}.`);
  return { count, offset, size };
}

function lastIndexOfSignature(tail: Uint8Array): number {
  for (let at = tail.lastIndexOf(0x06); at >= 3; at = tail.lastIndexOf(0x06, at - 1))
    if (tail[at - 1] === 5 && tail[at - 2] === 0x4b && tail[at - 3] === 0x50) return at - 3;
  return -1;
}

function refuseDuplicates(entries: readonly ZipEntry[]): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    const name = entry.name.toUpperCase();
    if (seen.has(name))
      throw new ExportRefused("export.duplicate_entry", `${show(entry.name)} is in the archive twice.`, zip.downloadAgain);
    seen.add(name);
  }
}

function refuseBombs(entries: readonly ZipEntry[], limits: ExportLimits): void {
  let total = 0;
  for (const entry of entries) {
    total += entry.size;
    refuseBomb(entry, limits);
  }
  if (total > limits.totalBytes)
    throw zip.tooLarge(`The files have ${grouped(total)} bytes together; the limit is ${grouped(limits.totalBytes)}.`);
}
