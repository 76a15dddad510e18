import { base64 } from "@scure/base";
import { bytesToHex } from "viem";
import { ExportRefused } from "../exports/index.ts";
import type { ExportFile } from "../exports/index.ts";
import { ExportSource } from "../exports/source.ts";
import { accountCode, newSalt } from "./commitment.ts";
import { checkedLink, hasPost, mostJsonBytes, sealBundle } from "./proof.ts";
import type { Bundle, CodeTask, Proof, ProofOf } from "./proof.ts";

export interface MadeEvidence {
  /** An age file to one validator; missing as long as something is to be added. */
  readonly evidence: Uint8Array | undefined;
  readonly code: CodeTask | undefined;
}

/** Of one original file; the figure of EvidenceBundle. */
const mostOriginalBytes = 64 << 10;

/** Files that cleaning keeps at home and that the e-mail is held against (docs/evidence.md). */
const originals = ["checkfile.csv", "statistics.csv"];

/**
 * Makes and seals what a member chose to show: an age file to one validator, destroyed after the verdict.
 * The same bundle as `commonhold contribute --proof …` makes.
 */
export async function makeEvidence(proof: Proof, exported: ExportFile, of: ProofOf, to: { readonly validator: string; readonly member: string }): Promise<MadeEvidence> {
  const bundle = (...items: Bundle["items"]): Bundle => ({ version: 1, ciphertextDigest: of.ciphertextDigest, items });
  switch (proof.type) {
    case "email":
      return { evidence: await sealBundle(bundle(await originalsOf(exported), await emailOf(proof.message)), to.validator), code: undefined };
    case "download":
      return { evidence: await sealBundle(bundle({ type: "download", url: checkedLink(proof.url) }), to.validator), code: undefined };
    case "oauth":
      return { evidence: undefined, code: undefined };
    case "account_code": {
      const salt = newSalt();
      const made = bundle({ type: "account_code", place: proof.place, salt: bytesToHex(salt) });
      const task = { code: accountCode({ ...of, salt }), words: proof.words, url: proof.url };
      return hasPost(proof.url)
        ? { evidence: undefined, code: { ...task, draft: await sealBundle(made, to.member) } }
        : { evidence: await sealBundle(made, to.validator), code: task };
    }
  }
}

async function originalsOf(exported: ExportFile): Promise<Bundle["items"][number]> {
  const source = await ExportSource.open(exported, exported.name);
  const files: { name: string; content: string }[] = [];
  for (const name of originals) {
    const entry = source.find(name);
    if (entry === undefined || entry.size > mostOriginalBytes)
      throw new ExportRefused("evidence.no_originals", `The export has no ${name}, or it is too long.`, "Contribute the export as the platform sent it.");
    files.push({ name, content: base64.encode(await source.peek(entry, entry.size)) });
  }
  return { type: "original_files", files };
}

async function emailOf(message: Blob): Promise<Bundle["items"][number]> {
  if (message.size > mostJsonBytes)
    throw new ExportRefused("evidence.too_large", `The message has ${message.size} bytes; evidence has at most ${mostJsonBytes}.`, "Save the message alone, without attachments.");
  return { type: "email", message: base64.encode(new Uint8Array(await message.arrayBuffer())) };
}
