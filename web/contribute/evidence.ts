import { base64 } from "@scure/base";
import type { Hex } from "viem";
import { ExportRefused } from "../exports/index.ts";
import type { ExportFile } from "../exports/index.ts";
import { ExportSource } from "../exports/source.ts";
import { sealBytes } from "./ticket.ts";

/** Bytes of the age file; the JSON inside is a little less. The figures of EvidenceBundle. */
const mostJsonBytes = (256 << 10) - (4 << 10);
const mostOriginalBytes = 64 << 10;

/** Files that cleaning keeps at home and that the e-mail is held against (docs/evidence.md). */
const originals = ["checkfile.csv", "statistics.csv"];

/**
 * Seals the platform's e-mail and the files that it is held against: an age file to one validator, destroyed after the verdict.
 * The same bundle as `commonhold contribute --proof email=FILE` makes.
 */
export async function sealEmailEvidence(email: Blob, exported: ExportFile, ciphertextDigest: Hex, validator: string): Promise<Uint8Array> {
  if (email.size > mostJsonBytes)
    throw new ExportRefused("evidence.too_large", `The message has ${email.size} bytes; evidence has at most ${mostJsonBytes}.`, "Save the message alone, without attachments.");
  const source = await ExportSource.open(exported, exported.name);
  const files: { name: string; content: string }[] = [];
  for (const name of originals) {
    const entry = source.find(name);
    if (entry === undefined || entry.size > mostOriginalBytes)
      throw new ExportRefused("evidence.no_originals", `The export has no ${name}, or it is too long.`, "Contribute the export as the platform sent it.");
    files.push({ name, content: base64.encode(await source.peek(entry, entry.size)) });
  }
  const message = base64.encode(new Uint8Array(await email.arrayBuffer()));
  const json = new TextEncoder().encode(JSON.stringify({
    version: 1, ciphertextDigest, items: [{ type: "original_files", files }, { type: "email", message }],
  }));
  if (json.length > mostJsonBytes)
    throw new ExportRefused("evidence.too_large", `The evidence has more than ${mostJsonBytes} bytes.`, "Save the message alone, without attachments.");
  try {
    return await sealBytes(json, validator);
  } finally {
    json.fill(0);
  }
}
