import { sha256 } from "@noble/hashes/sha2.js";
import { Encrypter } from "age-encryption";
import { bytesToHex } from "viem";
import type { Hex } from "viem";
import { read } from "../exports/index.ts";
import type { DatasetOptions, ExportFile, ExportReading } from "../exports/index.ts";
import { TicketRecipient } from "./ticket-recipient.ts";
import { sealTicket } from "./ticket.ts";

/** Whom a contribution is readable to: `age1…` each. */
export interface SealTo {
  readonly dataset: string;
  /** The member's own, who can always read it, and to whom the verdict is explained. */
  readonly member: string;
  /** Whom the ticket is sealed to. */
  readonly validator: string;
}

/** A cleaned and encrypted export with the sealed ticket of its dataset stanza. Nothing in it is secret. */
export interface Sealed {
  readonly ciphertextDigest: Hex;
  readonly size: number;
  readonly ephemeralShare: Hex;
  readonly ticket: Uint8Array;
  readonly reading: ExportReading;
}

/**
 * Cleans an export and encrypts what is left, in one pass: no plaintext is stored anywhere and memory does not grow with the file.
 * The same as ExportSealer of the command line. On any failure what the sink was given must be thrown away.
 */
export async function sealExport(
  file: ExportFile, to: SealTo, sink: (chunk: Uint8Array) => void | Promise<void>, options: DatasetOptions): Promise<Sealed> {
  const dataset = new TicketRecipient(to.dataset);
  try {
    const encrypter = new Encrypter();
    encrypter.addRecipient(dataset);
    encrypter.addRecipient(to.member);
    const cleaned = new TransformStream<Uint8Array, Uint8Array>();
    const reading = read(file, { ...options, cleaned: cleaned.writable });
    const draining = drain(await encrypter.encrypt(cleaned.readable), sink);
    const [read_, drained] = await Promise.allSettled([reading, draining]);
    // A full disk breaks the reading too; the disk is what the member must hear of.
    if (drained.status === "rejected" && drained.reason instanceof SinkFailed) throw drained.reason.cause;
    if (read_.status === "rejected") throw read_.reason;
    if (drained.status === "rejected") throw drained.reason;
    const { digest, size } = drained.value;
    const ticket = await sealTicket(dataset.ticket.secret, digest, to.validator, to.member);
    return { ciphertextDigest: digest, size, ephemeralShare: bytesToHex(dataset.ticket.share), ticket, reading: read_.value };
  } finally {
    dataset.wipe();
  }
}

class SinkFailed extends Error {}

async function drain(ciphertext: ReadableStream<Uint8Array>, sink: (chunk: Uint8Array) => void | Promise<void>): Promise<{ digest: Hex; size: number }> {
  const hash = sha256.create();
  const reader = ciphertext.getReader();
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return { digest: bytesToHex(hash.digest()), size };
    hash.update(value);
    size += value.length;
    try {
      await sink(value);
    } catch (cause) {
      await reader.cancel(cause).catch(() => undefined);
      throw new SinkFailed("The ciphertext cannot be kept.", { cause });
    }
  }
}
