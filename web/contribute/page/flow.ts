import { isAddressEqual } from "viem";
import type { Address } from "viem";
import { chain, verifiedDao } from "../../chain/index.ts";
import type { VerifiedDao } from "../../chain/index.ts";
import { currentAccount, withIdentity, withSigner } from "../../keys/index.ts";
import { get, post, Problem } from "../../shared/node.ts";
import { onChange } from "../../shared/live.ts";
import { completeDraft } from "../proof.ts";
import type { Proof } from "../proof.ts";
import { evidenceDigest } from "../evidence-digest.ts";
import { sealSignIn } from "../sign-in.ts";
import { journal, journalId } from "../journal.ts";
import type { Unfinished } from "../journal.ts";
import type { BatchProof } from "../leaf.ts";
import { openSmall } from "../open.ts";
import { parsePolicy } from "../policy.ts";
import type { ContributionPolicy } from "../policy.ts";
import type { Receipt } from "../receipt.ts";
import type { ContributionStatus } from "../report.ts";
import { ciphertexts } from "../storage.ts";
import { submissionOf } from "../submission.ts";
import { contributionToSign } from "../terms.ts";
import type { ContributionTerms, Registry } from "../terms.ts";
import { chooseValidator, hasValidRecipient } from "../validators.ts";
import type { SignedIn } from "./sign-in.ts";
import { FileRefused } from "./file-worker.ts";
import type { FileWorker, Watch } from "./file-worker.ts";

const week = 7 * 86_400;
const margin = 600;

export const registryOf = (dao: VerifiedDao): Registry => ({ chainId: dao.chainId, address: dao.contracts.registry });

/** All of a DAO that a member is shown before a file is encrypted, and that it is encrypted and judged by. */
export const standing = ({ dataset, guardians, validators }: VerifiedDao): string =>
  JSON.stringify([dataset, guardians.threshold, guardians.members.map(({ address }) => address), validators]);

/** The policy in force, held against the digest that the chain has. */
export async function policyOf(dao: VerifiedDao): Promise<ContributionPolicy> {
  const response = await fetch(`/v1/policies/${dao.dataset.policyDigest}`);
  if (!response.ok) throw new FileRefused({ code: "policy.unknown", detail: "The node does not have the policy that contributions are judged by.", hint: "Try again in a minute." });
  return parsePolicy(new Uint8Array(await response.arrayBuffer()), dao.dataset.policyDigest);
}

/** What this browser has not finished for the account that it holds; undefined when there is nothing, or it can be of no use any more. */
export async function findUnfinished(dao: VerifiedDao): Promise<Unfinished | undefined> {
  const account = await currentAccount();
  const entries = await journal.all();
  const own = account === undefined ? undefined : entries.find(({ id }) => id === journalId(registryOf(dao), account.address));
  if (own === undefined || own.isSubmitted) return own;
  // Encrypted to a key, or a ticket sealed to a validator, that counts no more: the file must be encrypted anew.
  const isCurrent = own.keyEpoch === dao.dataset.keyEpoch && dao.validators.members.some(({ address }) => isAddressEqual(address, own.validator))
    && (await ciphertexts.find(own.file)) !== undefined;
  if (isCurrent) return own;
  await forget(own);
  return undefined;
}

export async function forget(entry: Unfinished): Promise<void> {
  await journal.forget(entry.id);
  await ciphertexts.remove(entry.file);
}

/** Removes what a closed tab left half encrypted. Only under the lock of this browser's contributions. */
export const sweep = async (): Promise<void> => ciphertexts.keepOnly(new Set((await journal.all()).map(({ file }) => file)));

/** Encrypts a file and writes down what is needed to go on with it. Nothing is sent. */
export async function seal(worker: FileWorker, dao: VerifiedDao, policy: ContributionPolicy, file: File, proof: Proof | undefined, watch: Watch): Promise<Unfinished> {
  const account = await currentAccount();
  if (account === undefined) throw new FileRefused({ code: "account.none", detail: "There is no account in this browser.", hint: "Make one on the account page; it takes a minute." });
  if (!dao.dataset.active || dao.dataset.recipient === null)
    throw new FileRefused({ code: "dataset.not_ready", detail: `The guardians of ${dao.name} have not made its key yet.`, hint: "Try again when their ceremony is over." });
  const validator = await chooseValidator(dao.validators.members, dao.contracts.registry);
  if (validator === undefined)
    throw new FileRefused({ code: "validator.none", detail: `No validator of ${dao.name} has published where its tickets go.`, hint: "Try again when a validator is up." });
  // So that the browser does not clear the ciphertext away before it is uploaded.
  await navigator.storage.persist?.();
  const registry = registryOf(dao);
  const { sealed } = await worker.seal({
    file, policy, proof, of: { registry, owner: account.address }, mostBytes: dao.limits.maxContributionBytes,
    to: { dataset: dao.dataset.recipient, member: account.recipient, validator: validator.recipient },
  }, watch);
  const entry: Unfinished = {
    id: journalId(registry, account.address), registry, owner: account.address, file: sealed.name,
    ciphertextDigest: sealed.ciphertextDigest, size: sealed.size, ephemeralShare: sealed.ephemeralShare, schema: dao.dataset.schema,
    keyEpoch: dao.dataset.keyEpoch, validator: validator.address, ticket: sealed.ticket, evidence: sealed.evidence, code: sealed.code,
    signInAt: proof?.type === "oauth" ? proof.platform : undefined, isSubmitted: false, madeAt: Date.now(),
  };
  await journal.write(entry);
  return entry;
}

/** Whom evidence that is made after the encryption is sealed to: the validator that the ticket is for. */
async function recipientOf(dao: VerifiedDao, entry: Unfinished): Promise<string> {
  const member = dao.validators.members.find(({ address }) => isAddressEqual(address, entry.validator));
  if (member === undefined || !(await hasValidRecipient(member, dao.contracts.registry)))
    throw new FileRefused({ code: "validator.none", detail: "The validator that this file was encrypted for is gone.", hint: "Discard the file and start again." });
  return member.recipient!;
}

/** Adds a sign-in. It is of use for some minutes only, so it is written down nowhere before it is signed, and never goes on another day. */
export async function addSignIn(dao: VerifiedDao, entry: Unfinished, { request, answer }: SignedIn): Promise<Unfinished> {
  return { ...entry, evidence: await sealSignIn(request, answer, entry, await recipientOf(dao, entry)) };
}

/** Adds the post that the code stands in. Until then the evidence is a draft that only the member can open. */
export async function namePost(dao: VerifiedDao, entry: Unfinished, draft: Uint8Array, post: string): Promise<Unfinished> {
  const recipient = await recipientOf(dao, entry);
  const evidence = await withIdentity("Add the post's address to your proof, before it is sealed to the validator.",
    async (identity) => completeDraft(await openSmall(draft, identity), post, recipient));
  const named: Unfinished = { ...entry, evidence };
  await journal.write(named);
  return named;
}

/** Asks for the member's one signature, unless it was given before and still counts. */
export async function sign(dao: VerifiedDao, entry: Unfinished, sentence: string): Promise<Unfinished> {
  const now = await chain().blockTime();
  if (entry.signed !== undefined && entry.signed.terms.deadline > now + margin) return entry;
  const terms: ContributionTerms = {
    owner: entry.owner, ciphertextDigest: entry.ciphertextDigest, size: entry.size, ephemeralShare: entry.ephemeralShare, schema: entry.schema,
    keyEpoch: entry.keyEpoch, deadline: now + week, evidenceDigest: evidenceDigest(entry.evidence),
  };
  const signature = await withSigner(sentence, async (signer) => {
    if (!isAddressEqual(signer.address, entry.owner)) throw otherAccount(entry.owner);
    return signer.signTypedData(contributionToSign(terms, registryOf(dao)));
  });
  const signed: Unfinished = { ...entry, signed: { terms, signature } };
  await journal.write(signed);
  return signed;
}

/** Hands the uploaded file in, with the ticket for its validator. */
export async function submit(entry: Unfinished): Promise<Unfinished> {
  await post<ContributionStatus>("/v1/contributions", submissionOf(entry.signed!, entry.registry, entry.validator, entry.ticket, entry.evidence));
  const submitted: Unfinished = { ...entry, isSubmitted: true };
  await journal.write(submitted);
  return submitted;
}

export const statusOf = (entry: Pick<Unfinished, "ciphertextDigest">, signal?: AbortSignal): Promise<ContributionStatus> =>
  get<ContributionStatus>(`/v1/contributions/${entry.ciphertextDigest}`, signal);

/** Waits until a contribution's state is another than these: at the node's events, and by asking now and then. */
export async function waitWhile(entry: Pick<Unfinished, "ciphertextDigest">, states: readonly ContributionStatus["state"][], signal: AbortSignal): Promise<ContributionStatus> {
  for (let wait = 500; ; wait = Math.min(10_000, wait * 1.5)) {
    signal.throwIfAborted();
    try {
      const status = await statusOf(entry, signal);
      if (!states.includes(status.state)) return status;
    } catch (error) {
      // A node that restarts comes back; one that does not know the contribution says so.
      if (!(error instanceof Problem) || (error.status !== 0 && error.status < 500)) throw error;
    }
    await changeOrPause(wait, signal);
  }
}

function changeOrPause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stop();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    const stop = onChange(["contributions"], end);
    signal.addEventListener("abort", end);
  });
}

/** After the verdict: the ciphertext is the node's to keep, and what the member signed is kept for the receipt. */
export async function conclude(entry: Unfinished): Promise<void> {
  if (entry.signed !== undefined) await journal.keepTerms({ digest: entry.ciphertextDigest, registry: entry.registry, ...entry.signed });
  await forget(entry);
}

/** What a member keeps of a judged contribution. */
export async function receiptOf(registry: Registry, status: ContributionStatus): Promise<Receipt | undefined> {
  if (status.verdict === undefined || status.report === undefined) return undefined;
  const kept = await journal.termsOf(status.ciphertextDigest);
  const place = status.batchId === undefined ? undefined : await get<BatchProof>(`/v1/contributions/${status.ciphertextDigest}/proof`);
  return {
    version: 1, kind: "commonhold-receipt", registry, verdict: status.verdict, report: status.report,
    ...(kept === undefined ? {} : { signed: { terms: kept.terms, signature: kept.signature } }),
    ...(place === undefined ? {} : { place }),
  };
}

export { verifiedDao };

const otherAccount = (owner: Address): FileRefused => new FileRefused({
  code: "account.other", detail: `This file was encrypted for the account ${owner}, and another one is asked to sign.`, hint: "Sign with that account, or discard the file and start again.",
});
