// Proposals made in a form: the sentence that voters will read stands there before anything is signed.
import { getAddress, isAddress, type Address, type Hex } from "viem";
import { verifiedDao } from "../chain/index.ts";
import { busy, calls, clear, NotNow, propose, say, sayProblem, type Call } from "../govern/index.ts";
import { toHex } from "../open/hex.ts";
import { recipientPoint } from "../open/recipient.ts";
import { digestOf } from "../shared/digest.ts";
import { byId, el } from "../shared/dom.ts";
import { problemOf, writeHeaders } from "../shared/node.ts";

const form = document.getElementById("proposal-form") as HTMLFormElement | null;

const text = (name: string): string => String(new FormData(form!).get(name) ?? "").trim();

function accountOf(name: string, what: string): Address {
  const value = text(name);
  if (!isAddress(value, { strict: value !== value.toLowerCase() })) throw new NotNow("request.invalid", `${what} is not an account: 0x and 40 digits, with a right checksum.`);
  return getAddress(value);
}

/** Percent with at most two digits after the point, as basis points. */
function bpsOf(name: string, what: string): number {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text(name));
  if (match === null) throw new NotNow("request.invalid", `${what} is a percentage with at most two digits after the point.`);
  return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
}

function wholeOf(name: string, what: string, least: number, most: number): number {
  const value = Number(text(name));
  if (!/^\d+$/.test(text(name)) || value < least || value > most) throw new NotNow("request.invalid", `${what} is a whole number from ${least} to ${most.toLocaleString("en")}.`);
  return value;
}

/** A number and its unit, as seconds. */
function secondsOf(name: string, what: string, least: number): number {
  const unit = Number(text(`${name}Unit`));
  return wholeOf(name, what, least, Math.floor(longest / unit)) * unit;
}

const longest = 10 * 365 * 86_400;

function accountsOf(name: string, what: string): Address[] {
  const words = text(name).split(/[\s,;]+/).filter((word) => word !== "");
  const accounts = words.map((word) => {
    if (!isAddress(word, { strict: word !== word.toLowerCase() })) throw new NotNow("request.invalid", `${word.slice(0, 50)} is not an account: 0x and 40 digits, with a right checksum.`);
    return getAddress(word);
  });
  if (accounts.length === 0) throw new NotNow("request.invalid", `Name ${what}, one on a line.`);
  if (new Set(accounts).size < accounts.length) throw new NotNow("request.invalid", "An account stands there twice.");
  return accounts;
}

/** The most that a policy has, in bytes; ContributionPolicy.MaxBytes. */
const maxPolicyBytes = 256 * 1024;
/** What was chosen to be voted on, so that the node can show it to voters. */
let policy: { readonly bytes: Uint8Array<ArrayBuffer>; readonly digest: Hex } | undefined;

async function choosePolicy(file: File | undefined): Promise<void> {
  policy = undefined;
  if (file === undefined) return;
  if (file.size > maxPolicyBytes) throw new NotNow("policy.too_large", `A policy has at most ${maxPolicyBytes.toLocaleString("en")} bytes; this file has ${file.size.toLocaleString("en")}.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const schema = schemaOf(bytes);
  const { dataset } = await verifiedDao();
  if (schema === undefined) throw new NotNow("policy.invalid", "This file is no policy: a policy is a JSON document that names its schema.");
  if (schema !== dataset.schemaName) throw new NotNow("policy.other_schema", `This policy is for “${schema.slice(0, 64)}”, and the dataset takes “${dataset.schemaName}”.`);
  policy = { bytes, digest: await digestOf(bytes) };
  byId<HTMLInputElement>("digest").value = policy.digest;
}

function schemaOf(bytes: Uint8Array): string | undefined {
  try {
    const { schema } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as { schema?: unknown };
    return typeof schema === "string" ? schema : undefined;
  } catch {
    return undefined;
  }
}

/** The node takes a document that a proposal names. */
async function givePolicy(): Promise<void> {
  if (policy === undefined || policy.digest !== text("digest").toLowerCase()) return;
  const response = await fetch(`/v1/policies/${policy.digest}`, { method: "PUT", headers: { ...(await writeHeaders()), "content-type": "application/json" }, body: policy.bytes });
  if (!response.ok) throw await problemOf(response);
}

async function callOf(kind: string): Promise<Call> {
  const dao = await verifiedDao();
  switch (kind) {
    case "request":
    case "revoke": {
      const id = text("request");
      if (id === "") throw new NotNow("request.invalid", kind === "request" ? "Choose a request." : "Choose a grant.");
      return kind === "request" ? calls.approveRequest(dao, BigInt(id)) : calls.revokeGrant(dao, BigInt(id));
    }
    case "split": {
      const split = {
        operatorsBps: bpsOf("operatorsPart", "The operators’ part"), treasuryBps: bpsOf("treasuryPart", "The treasury’s part"),
        operators: accountOf("operators", "The operators’ account"), treasury: accountOf("treasury", "The treasury’s account"),
      };
      if (split.operatorsBps + split.treasuryBps > 10_000) throw new NotNow("request.invalid", "The two parts together are more than everything.");
      return calls.setSplit(dao, split);
    }
    case "policy": {
      const digest = text("digest").toLowerCase();
      if (!/^0x[0-9a-f]{64}$/.test(digest)) throw new NotNow("request.invalid", "A digest is 0x and 64 digits.");
      return calls.setPolicy(dao, digest as Hex);
    }
    case "validators": {
      const accounts = accountsOf("validators", "the validators’ accounts");
      return calls.setValidators(dao, accounts, wholeOf("signatures", "How many of them sign", 1, accounts.length));
    }
    case "rules":
      return calls.setRules(dao, {
        delay: secondsOf("delay", "The time before voting opens", 0), period: secondsOf("period", "The time that voting lasts", 1),
        lateExtension: secondsOf("late", "The time after a late quorum", 0), wait: secondsOf("wait", "The waiting time", 0),
        quorum: wholeOf("quorum", "The quorum", 0, 100), thresholdBps: bpsOf("threshold", "The part that may propose"),
      });
    default: {
      const point = recipientPoint(text("worker"));
      if (point === undefined) throw new NotNow("request.invalid", "A worker’s key is age1 and 58 letters and digits.");
      return calls.setWorker(dao, toHex(point), text("approved") === "yes");
    }
  }
}

if (form !== null) {
  const kind = form.dataset["kind"] ?? "";
  const preview = byId("preview");
  const status = byId("propose-status");
  let turn = 0;
  const show = async (): Promise<void> => {
    const mine = ++turn;
    const { words, pending } = await callOf(kind).then(({ sentence }) => ({ words: sentence, pending: false }), (error: Error) => ({ words: error.message, pending: true }));
    if (mine !== turn) return;
    preview.textContent = words;
    preview.classList.toggle("pending", pending);
  };
  form.addEventListener("input", () => void show());
  document.getElementById("policy-file")?.addEventListener("change", ({ currentTarget }) => {
    const input = currentTarget as HTMLInputElement;
    clear(status);
    choosePolicy(input.files?.[0]).catch((error: unknown) => {
      sayProblem(status, error);
      input.value = ""; // The same file, corrected, is a change again.
    }).finally(() => void show());
  });
  if (kind === "split" || kind === "validators" || text("request") !== "") void show();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clear(status);
    void busy(form.querySelector("button[type=submit]")!, status, async () => {
      const id = await propose(await callOf(kind), text("why"));
      const link = el("p", {}, el("a", { href: `/vote/${id}` }, "See the proposal"));
      const untold = await givePolicy().then(() => undefined, (error: Error) => error);
      if (untold === undefined) say(status, "good", "It is up for a vote.", link);
      else say(status, "warn", "It is up for a vote, but the node did not take the document, so voters cannot read it here.", untold.message, link);
    });
  });
}
