import { decode, isUtf8, view } from "../bytes.ts";
import { ExportRefused, show } from "../refusal.ts";
import * as zip from "./format.ts";
import type { ZipEntry, ZipRules } from "./format.ts";

const archiveSuffixes = [".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz", ".zst"];

/** Reads one record of the central directory (APPNOTE 4.3.12), refused unless it describes a plain file; gives its length too. */
export function readCentralRecord(rest: Uint8Array, rules: ZipRules): { entry: ZipEntry; length: number } {
  const data = view(rest);
  if (rest.length < zip.centralHeaderSize || data.getUint32(0, true) !== zip.centralHeader)
    throw zip.truncated("The central directory ends before its last record.");
  const nameBytes = data.getUint16(28, true);
  const extraLength = data.getUint16(30, true);
  const length = zip.centralHeaderSize + nameBytes + extraLength + data.getUint16(32, true);
  if (rest.length < length) throw zip.truncated("The central directory ends inside a record.");

  const name = checkName(rest.subarray(zip.centralHeaderSize, zip.centralHeaderSize + nameBytes), rules);
  const flags = data.getUint16(8, true);
  checkFlags(flags, name);
  const isFolder = checkAttributes(rest[5]!, data.getUint32(38, true), name, rules);
  checkExtra(rest.subarray(zip.centralHeaderSize + nameBytes, zip.centralHeaderSize + nameBytes + extraLength), name);

  const method = data.getUint16(10, true);
  if (method !== zip.stored && method !== zip.deflated)
    throw new ExportRefused("export.zip_method", `${name} is compressed by method ${method}; known are 0 and 8.`, zip.downloadAgain);
  const compressedSize = data.getUint32(20, true);
  const size = data.getUint32(24, true);
  const headerOffset = data.getUint32(42, true);
  if (compressedSize === zip.none || size === zip.none || headerOffset === zip.none)
    throw zip.zip64(`${name} is described by a zip64 record.`);
  if (data.getUint16(34, true) !== 0) throw zip.malformed(`${name} lies on another disk.`);
  if (method === zip.stored && compressedSize !== size) throw zip.malformed(`${name} is stored, yet its two sizes differ.`);

  const entry: ZipEntry = {
    name, nameBytes, isFolder, compressedSize, size, headerOffset,
    isDeflated: method === zip.deflated,
    hasDescriptor: (flags & zip.flagDescriptor) !== 0,
    crc32: data.getUint32(16, true),
    dataOffset: 0,
  };
  return { entry, length };
}

/** A name as text: UTF-8 where it is, else byte for byte. */
export function decodeName(bytes: Uint8Array): string {
  return isUtf8(bytes) ? decode(bytes) : String.fromCharCode(...bytes);
}

function checkName(name: Uint8Array, rules: ZipRules): string {
  if (name.length === 0 || name.length > 512) throw zip.malformed(`An entry's name has ${name.length} bytes.`);
  const shown = show(name);
  const text = decodeName(name);
  const traversal = (): ExportRefused =>
    new ExportRefused("export.path_traversal", `The entry ${shown} points outside the archive.`, zip.downloadAgain);
  if (rules === "provider") {
    // Nothing is ever unpacked to a disk, so a name only has to be showable and must not pretend to lead elsewhere.
    if (text.startsWith("/") || text.split(/[/\\]/).includes("..")) throw traversal();
    if (/\p{Cc}/u.test(text)) throw zip.malformed(`The entry ${shown} has a control character in its name.`);
    return text;
  }

  if (text.startsWith("/") || /[\\:]/.test(text) || text.includes("..")) throw traversal();
  if (/[^\x20-\x7e]/.test(text))
    throw new ExportRefused("export.unknown_file", `The entry ${shown} is not a file of an export.`, zip.downloadAgain);
  if (archiveSuffixes.some((suffix) => text.toLowerCase().endsWith(suffix)))
    throw new ExportRefused("export.nested_archive", `The entry ${shown} is an archive inside the archive.`, "Pass the inner archive itself.");
  return text;
}

function checkFlags(flags: number, name: string): void {
  if ((flags & zip.flagsEncrypted) !== 0) throw new ExportRefused("export.encrypted_entry", `${name} is encrypted.`, zip.downloadAgain);
  if ((flags & ~zip.flagsKnown) !== 0) throw zip.malformed(`${name} has the unknown flags 0x${flags.toString(16).padStart(4, "0")}.`);
}

function checkAttributes(madeBy: number, attributes: number, name: string, rules: ZipRules): boolean {
  // 3 is Unix, 19 is macOS: the upper half is the file's mode.
  const type = madeBy === 3 || madeBy === 19 ? (attributes >>> 16) & 0xf000 : 0;
  if (type === 0xa000) throw new ExportRefused("export.link", `${name} is a symbolic link.`, zip.downloadAgain);
  const isFolder = name.endsWith("/");
  if (isFolder && rules === "provider") return true;
  if ((type !== 0 && type !== 0x8000) || (attributes & 0x10) !== 0 || isFolder)
    throw new ExportRefused(
      "export.unknown_file",
      `${name} is not a file.`,
      "A cleaned export is flat; one that was unpacked and packed again has folders. " + zip.downloadAgain);
  return false;
}

function checkExtra(extra: Uint8Array, name: string): void {
  let rest = extra;
  while (rest.length >= 4) {
    const data = view(rest);
    const id = data.getUint16(0, true);
    const size = data.getUint16(2, true);
    if (size + 4 > rest.length) break;
    if (id === 0x9901) throw new ExportRefused("export.encrypted_entry", `${name} is AES-encrypted.`, zip.downloadAgain);
    // Info-ZIP's Unicode path would give the entry a second name.
    if (id === 0x7075) throw zip.malformed(`${name} has a second name in an extra field.`);
    rest = rest.subarray(4 + size);
  }
  if (rest.length > 0) throw zip.malformed(`${name} has a broken extra field.`);
}
