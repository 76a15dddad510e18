import { readAt, view } from "../bytes.ts";
import type { RandomAccess } from "../bytes.ts";
import { ExportRefused } from "../refusal.ts";
import { decodeName } from "./central-record.ts";
import * as zip from "./format.ts";
import type { ZipEntry } from "./format.ts";

/** Holds every local header (APPNOTE 4.3.7) and data descriptor against its central record, and the entries against the file:
 *  they must follow one another without a gap or an overlap. */
export async function checkLocalHeaders(source: RandomAccess, entries: readonly ZipEntry[], directoryOffset: number): Promise<void> {
  let expected = 0;
  const byOffset = [...entries].sort((a, b) => a.headerOffset - b.headerOffset);
  for (const [i, entry] of byOffset.entries()) {
    if (entry.headerOffset !== expected)
      throw entry.headerOffset < expected
        ? overlap(entry)
        : zip.malformed(`${entry.headerOffset - expected} bytes before ${entry.name} belong to no entry.`);
    entry.dataOffset = await checkOne(source, entry, directoryOffset);
    const dataEnd = entry.dataOffset + entry.compressedSize;
    if (dataEnd > directoryOffset) throw zip.truncated(`${entry.name} reaches into the central directory.`);
    const next = byOffset[i + 1]?.headerOffset ?? directoryOffset;
    if (entry.hasDescriptor) await checkDescriptor(source, entry, dataEnd, next);
    expected = entry.hasDescriptor ? next : dataEnd;
  }
  if (expected !== directoryOffset) throw zip.malformed(`${directoryOffset - expected} bytes before the central directory belong to no entry.`);
}

async function checkOne(source: RandomAccess, entry: ZipEntry, directoryOffset: number): Promise<number> {
  const cut = (): ExportRefused => zip.truncated(`The local header of ${entry.name} is cut.`);
  if (entry.headerOffset + zip.localHeaderSize > directoryOffset) throw cut();
  const bytes = await readAt(source, entry.headerOffset, zip.localHeaderSize);
  const header = view(bytes);
  if (header.getUint32(0, true) !== zip.localHeader)
    throw zip.malformed(`${entry.name} has no local header where the central directory points.`);
  const nameLength = header.getUint16(26, true);
  const extraLength = header.getUint16(28, true);
  if (nameLength !== entry.nameBytes) throw disagrees(entry, "name");
  const dataOffset = entry.headerOffset + zip.localHeaderSize + nameLength + extraLength;
  if (dataOffset > directoryOffset) throw cut();
  const variable = await readAt(source, entry.headerOffset + zip.localHeaderSize, nameLength + extraLength);
  if (decodeName(variable.subarray(0, nameLength)) !== entry.name) throw disagrees(entry, "name");

  const flags = header.getUint16(6, true);
  if ((flags & ~zip.flagsKnown) !== 0 || ((flags & zip.flagDescriptor) !== 0) !== entry.hasDescriptor) throw disagrees(entry, "flags");
  if (header.getUint16(8, true) !== (entry.isDeflated ? zip.deflated : zip.stored)) throw disagrees(entry, "method");

  const crc = header.getUint32(14, true);
  let compressed = header.getUint32(18, true);
  let size = header.getUint32(22, true);
  // Writers that stream reserve a zip64 field here before they know the size, even for small files.
  if (compressed === zip.none && size === zip.none) [size, compressed] = zip64Sizes(variable.subarray(nameLength), entry);
  // With a descriptor the true values follow the data; here they may be zero.
  const deferred = entry.hasDescriptor && crc === 0 && compressed === 0 && size === 0;
  if (!deferred && (crc !== entry.crc32 || compressed !== entry.compressedSize || size !== entry.size))
    throw disagrees(entry, "sizes or checksum");
  return dataOffset;
}

function zip64Sizes(extra: Uint8Array, entry: ZipEntry): [number, number] {
  const data = view(extra);
  if (extra.length >= 20 && data.getUint16(0, true) === 1 && data.getUint16(2, true) >= 16)
    return [Number(data.getBigUint64(4, true)), Number(data.getBigUint64(12, true))];
  throw zip.zip64(`${entry.name} announces zip64 sizes and has none.`);
}

async function checkDescriptor(source: RandomAccess, entry: ZipEntry, dataEnd: number, next: number): Promise<void> {
  // Three numbers, each size 4 or 8 bytes wide, with or without a signature in front (APPNOTE 4.3.9).
  const length = next - dataEnd;
  if (length < 0) throw overlap(entry);
  if (![12, 16, 20, 24].includes(length)) throw zip.malformed(`The data descriptor of ${entry.name} has ${length} bytes.`);
  let bytes = await readAt(source, dataEnd, length);
  if (length === 16 || length === 24) {
    if (view(bytes).getUint32(0, true) !== zip.descriptor) throw disagrees(entry, "data descriptor");
    bytes = bytes.subarray(4);
  }
  const data = view(bytes);
  const wide = bytes.length === 20;
  const compressed = wide ? Number(data.getBigUint64(4, true)) : data.getUint32(4, true);
  const size = wide ? Number(data.getBigUint64(12, true)) : data.getUint32(8, true);
  if (data.getUint32(0, true) !== entry.crc32 || compressed !== entry.compressedSize || size !== entry.size)
    throw disagrees(entry, "data descriptor");
}

const overlap = (entry: ZipEntry): ExportRefused =>
  new ExportRefused("export.overlap", `${entry.name} overlaps another entry.`, zip.downloadAgain);

const disagrees = (entry: ZipEntry, what: string): ExportRefused =>
  new ExportRefused("export.zip_disagrees", `The local header of ${entry.name} has another ${what} than the central directory.`, zip.downloadAgain);
