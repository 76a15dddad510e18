import { ExportRefused } from "../refusal.ts";

/** Numbers of the ZIP format (PKWARE APPNOTE 6.3) and the refusals that reading it can give. */
export const localHeader = 0x04034b50;
export const centralHeader = 0x02014b50;
export const endOfDirectory = 0x06054b50;
export const descriptor = 0x08074b50;
export const localHeaderSize = 30;
export const centralHeaderSize = 46;
export const endOfDirectorySize = 22;
export const stored = 0;
export const deflated = 8;
export const flagDescriptor = 1 << 3;
export const flagsEncrypted = (1 << 0) | (1 << 6) | (1 << 13);
export const flagsKnown = 0b110 | flagDescriptor | (1 << 11);
export const none = 0xffffffff;

export const downloadAgain = "Download the export from the provider again and pass the file as it came.";

export const malformed = (detail: string): ExportRefused => new ExportRefused("export.zip_malformed", detail, downloadAgain);
export const truncated = (detail: string): ExportRefused => new ExportRefused("export.truncated", detail, downloadAgain);
export const corrupt = (detail: string): ExportRefused => new ExportRefused("export.corrupt", detail, downloadAgain);
export const zip64 = (detail: string): ExportRefused =>
  new ExportRefused("export.zip64", detail, "An export this small needs no zip64 records. " + downloadAgain);
export const tooLarge = (detail: string): ExportRefused =>
  new ExportRefused("export.too_large", detail, "Ask the operator whether larger exports can be taken.");

/** One file of an archive whose central record and local header agree. */
export interface ZipEntry {
  readonly name: string;
  readonly nameBytes: number;
  readonly isDeflated: boolean;
  readonly isFolder: boolean;
  readonly hasDescriptor: boolean;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly headerOffset: number;
  /** Where the compressed bytes begin; known after the local header was read. */
  dataOffset: number;
}

/** `strict`: a cleaned export, and Reddit's own: flat, ASCII names, no archive inside, no bomb even among what is never opened.
 *  `provider`: folders, photographs, names in any script; only what is opened is held to the limits. */
export type ZipRules = "strict" | "provider";
