/**
 * Reads, cleans, encrypts, uploads and opens files beside the page, so that the page stays quick and memory stays flat.
 *
 * The ephemeral secret of a file is made here, sealed into its ticket and wiped; the page is given the sealed ticket alone.
 */
import { estimate } from "../contribute/estimate.ts";
import type { Estimate } from "../contribute/estimate.ts";
import { makeEvidence } from "../contribute/evidence.ts";
import type { Answer, Failure, Outcome, Question, SealedFile } from "../contribute/messages.ts";
import { openOwn } from "../contribute/open.ts";
import { evidenceLevels } from "../contribute/policy.ts";
import type { ContributionPolicy, EvidenceLevel } from "../contribute/policy.ts";
import { sealExport } from "../contribute/seal.ts";
import { ciphertexts, inWords, plaintexts } from "../contribute/storage.ts";
import { upload } from "../contribute/upload.ts";
import { read } from "../exports/index.ts";

const say = (answer: Answer): void => postMessage(answer);

let stop = new AbortController();

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  if (data.kind === "cancel") return stop.abort();
  stop = new AbortController();
  void answer(data, stop.signal);
});

async function answer(question: Exclude<Question, { kind: "cancel" }>, signal: AbortSignal): Promise<void> {
  try {
    say({ kind: "done", result: await act(question, signal) });
  } catch (error) {
    say(signal.aborted ? { kind: "cancelled" } : { kind: "failed", failure: failureOf(error) });
  }
}

function act(question: Exclude<Question, { kind: "cancel" }>, signal: AbortSignal): Promise<Outcome> {
  switch (question.kind) {
    case "read": return readAndSumUp(question, signal);
    case "seal": return seal(question, signal);
    case "upload": return uploadFrom(question, signal);
    case "open": return open(question, signal);
  }
}

const progress = (done: number, total: number): void => say({ kind: "progress", done, total });

const datasetOf = (policy: ContributionPolicy, signal: AbortSignal) => ({
  schema: policy.schema,
  descriptor: policy.descriptor === undefined ? undefined : new TextEncoder().encode(JSON.stringify(policy.descriptor)),
  progress, signal,
});

async function readAndSumUp({ file, policy }: Extract<Question, { kind: "read" }>, signal: AbortSignal): Promise<Outcome> {
  const { checks: _, ...reading } = await read(file, datasetOf(policy, signal));
  const estimates = Object.fromEntries(evidenceLevels.map((level) => [level, estimate(reading, policy, level)])) as Record<EvidenceLevel, Estimate>;
  return { kind: "read", reading, estimates };
}

async function seal({ file, policy, to, proof, of, mostBytes }: Extract<Question, { kind: "seal" }>, signal: AbortSignal): Promise<Outcome> {
  const name = ciphertexts.newName();
  try {
    // Cleaned and deflated it is about as long as the export, seldom longer.
    const output = await ciphertexts.create(name, Math.min(file.size, mostBytes));
    try {
      const { reading: _, ...made } = await sealExport(file, to, (chunk) => {
        output.write(chunk);
        if (output.size > mostBytes)
          throw new Refused("contribution.too_large", `The encrypted file has more than the ${mostBytes} bytes that the node takes.`, "Ask the DAO's operators whether they take larger files.");
      }, datasetOf(policy, signal));
      const { evidence, code } = proof === undefined
        ? { evidence: undefined, code: undefined } : await makeEvidence(proof, file, { ...of, ciphertextDigest: made.ciphertextDigest }, to);
      const sealed: SealedFile = { name, ...made, evidence, code };
      return { kind: "sealed", sealed };
    } finally {
      output.close();
    }
  } catch (error) {
    await ciphertexts.remove(name);
    throw error;
  }
}

async function uploadFrom({ name, digest }: Extract<Question, { kind: "upload" }>, signal: AbortSignal): Promise<Outcome> {
  const file = await ciphertexts.find(name);
  if (file === undefined)
    throw new Refused("browser.file_gone", "The browser has cleared away the encrypted file.", "Drop your export again: it is encrypted anew.");
  await upload(file, digest, {
    signal,
    progress: (sent) => progress(sent, file.size),
    waiting: (milliseconds) => say({ kind: "waiting", milliseconds }),
  });
  return { kind: "uploaded" };
}

async function open({ digest, identity }: Extract<Question, { kind: "open" }>, signal: AbortSignal): Promise<Outcome> {
  const name = plaintexts.newName();
  try {
    const output = await plaintexts.create(name, 0);
    try {
      await openOwn(digest, identity, (chunk) => output.write(chunk), progress, signal);
    } finally {
      output.close();
    }
    return { kind: "opened", name };
  } catch (error) {
    await plaintexts.remove(name);
    throw error;
  }
}

class Refused extends Error {
  constructor(readonly code: string, readonly detail: string, readonly hint: string) {
    super(detail);
  }
}

// A refusal in its own words; anything else is a fault of ours, and is named as one.
function failureOf(error: unknown): Failure {
  const { code, detail, hint, message } = inWords(error) as Partial<Failure> & { message?: string };
  if (typeof code === "string") return { code, detail: detail ?? message ?? code, hint: hint ?? "" };
  console.error(error);
  return { code: "browser.failed", detail: `Something went wrong in this page: ${message ?? String(error)}`, hint: "Reload the page and try again; nothing is lost." };
}
