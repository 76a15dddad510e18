import { Decrypter, identityToRecipient } from "age-encryption";
import { ZipWriter } from "../exports/zip/writer.ts";
import type { Sink } from "../exports/zip/writer.ts";
import { hashTerms } from "../market/terms.ts";
import type { GrantTerms } from "../market/terms.ts";
import { ReleaseGatherer } from "./guardians.ts";
import type { Answers, GuardianLink } from "./guardians.ts";
import { fromHex, toHex } from "./hex.ts";
import { readManifest } from "./manifest.ts";
import type { CommittedBatch, Leaf } from "./manifest.ts";
import { recipientPoint } from "./recipient.ts";
import { OpeningRefused, WrongAnswer } from "./refusal.ts";
import { ThresholdIdentity } from "./threshold-identity.ts";
import { ThresholdKey } from "./threshold-key.ts";

export { OpeningRefused } from "./refusal.ts";
export { blobAt } from "./blob.ts";
export { guardianAt } from "./guardians.ts";
export type { GuardianLink } from "./guardians.ts";
export { recipientOf, recipientPoint } from "./recipient.ts";

/** What is opened in a browser at most: more goes by `commonhold open`, which goes on where it was stopped. */
export const limits = { contributions: 200, bytes: 64 * 1000 * 1000 } as const;

/** What has to be known from the chain rather than from a node. */
export interface OpeningChain {
  readonly chainId: number;
  readonly registry: `0x${string}`;
  grantAt(id: number): Promise<{ state: number; termsHash: string; endsAt: number }>;
  /** Of the newest block, in seconds. */
  time(): Promise<number>;
  batchAt(id: number): Promise<CommittedBatch | undefined>;
  keyAt(epoch: number): Promise<{ guardians: number; commitments: readonly string[] } | undefined>;
}

/** What the node carries: it is believed nothing. */
export interface OpeningNode {
  manifest(batch: number, signal: AbortSignal): Promise<unknown>;
  blob(digest: string, maxBytes: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

export interface Opening {
  readonly grantId: number;
  readonly terms: GrantTerms;
  readonly identity: string;
  readonly chain: OpeningChain;
  readonly node: OpeningNode;
  readonly guardians: readonly GuardianLink[];
  readonly output: Sink;
  readonly signal: AbortSignal;
  readonly progress?: (step: OpeningStep) => void;
}

export interface OpeningStep {
  readonly doing: string;
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
}

export interface Opened { readonly batchId: number; readonly index: number; readonly owner: string; readonly ciphertextDigest: string; readonly file: string; readonly bytes: number; readonly sha256: string }
export interface NotOpened { readonly batchId: number; readonly index: number; readonly owner: string; readonly code: string; readonly detail: string }

export interface OpeningReport {
  readonly opened: readonly Opened[];
  readonly notOpened: readonly NotOpened[];
  /** Guardians whose wrong answers were proved. */
  readonly liars: readonly number[];
  /** Guardians that did not help, and why. */
  readonly faults: readonly { readonly guardian: number; readonly code: string; readonly detail: string }[];
  readonly helped: readonly number[];
}

interface Item { readonly batchId: number; readonly leaf: Leaf }

/**
 * Opens everything in a small grant's scope into one zip.
 *
 * Guarantee: a file in the zip is the plaintext of the ciphertext whose digest is under the root on chain. Trust: the chain
 * endpoint. Node and guardians are checked: manifests against roots, files against digests, wrong answers by proofs that name who
 * gave them. Flow: the grant on chain → manifests → answers of t guardians → fetch, hash, decrypt, write, one file at a time →
 * what failed for a wrong answer once more without the liar.
 */
export async function openGrant(opening: Opening): Promise<OpeningReport> {
  return new Run(opening).run();
}

class Run {
  readonly #opening: Opening;
  readonly #gatherer: ReleaseGatherer;
  readonly #zip: ZipWriter;
  readonly #keys = new Map<number, ThresholdKey>();
  readonly #opened: Opened[] = [];
  readonly #notOpened: NotOpened[] = [];
  #total = 0;
  #bytes = 0;

  constructor(opening: Opening) {
    this.#opening = opening;
    this.#gatherer = new ReleaseGatherer(opening.guardians, opening.identity, opening.grantId, opening.terms);
    this.#zip = new ZipWriter(opening.output);
  }

  async run(): Promise<OpeningReport> {
    const { grantId, signal } = this.#opening;
    this.#tell("Checking the grant on the chain");
    await this.#checkGrant();
    this.#tell("Checking the lists of contributions against the chain");
    let work = await this.#readScope();
    this.#total = work.length;

    // Each round excludes at least one guardian, so there are at most as many rounds as guardians.
    while (work.length > 0) {
      const excluded = this.#gatherer.excluded.size;
      let retries: Item[];
      try {
        retries = await this.#pass(work);
      } catch (error) {
        signal.throwIfAborted();
        // What others opened stays opened when too few guardians are left for the few that are tried again.
        if (!(error instanceof OpeningRefused) || excluded === 0 || this.#opened.length === 0) throw error;
        for (const item of work) this.#refuse(item, error.code, error.detail);
        break;
      }
      if (this.#gatherer.excluded.size === excluded) {
        for (const item of retries)
          this.#refuse(item, "contribution.unopenable", "It does not open though every answer is proved right: its member encrypted it wrongly, or a validator was dishonest.");
        break;
      }
      work = retries;
    }

    const report = this.#report();
    const text = JSON.stringify({ version: 1, grantId, terms: this.#opening.terms, chainId: this.#opening.chain.chainId, ...report }, null, 2);
    await this.#zip.addStored("opened.json", new TextEncoder().encode(`${text}\n`));
    await this.#zip.finish();
    return report;
  }

  async #checkGrant(): Promise<void> {
    const { chain, grantId, identity, terms } = this.#opening;
    const recipient = recipientPoint(await identityToRecipient(identity));
    if (recipient === undefined || toHex(recipient) !== terms.recipient.toLowerCase())
      throw new OpeningRefused("grant.other_recipient", `Grant ${grantId} is for another key than this account's.`, "Use the account that made the request.");
    const [grant, now] = [await chain.grantAt(grantId), await chain.time()];
    if (grant.termsHash.toLowerCase() !== hashTerms(terms)) throw new OpeningRefused("grant.terms_mismatch", `The node shows other terms than those of grant ${grantId}.`, "Do not use this node.");
    if (grant.state === 4) throw new OpeningRefused("grant.revoked", `Grant ${grantId} was revoked.`);
    if (grant.state !== 2) throw new OpeningRefused("grant.not_executed", `Request ${grantId} is no grant yet: the vote has not been carried out.`, "Wait for the vote.");
    if (now >= grant.endsAt) throw new OpeningRefused("grant.expired", `Grant ${grantId} has ended.`, "Make a new request.");
  }

  async #readScope(): Promise<Item[]> {
    const { chain, node, signal, terms } = this.#opening;
    const items: Item[] = [];
    let bytes = 0;
    for (let batchId = 0; batchId < terms.scope; batchId++) {
      const known = await chain.batchAt(batchId);
      if (known === undefined) throw new OpeningRefused("manifest.unknown", `The chain has no batch ${batchId}.`);
      if (items.length + known.count > limits.contributions) throw tooLarge(terms);
      for (const leaf of readManifest(await node.manifest(batchId, signal), chain.chainId, chain.registry, batchId, known)) {
        items.push({ batchId, leaf });
        bytes += leaf.size;
      }
      if (bytes > limits.bytes) throw tooLarge(terms);
    }
    return items;
  }

  /** Opens what it can; gives back what failed for a wrong answer. */
  async #pass(work: readonly Item[]): Promise<Item[]> {
    const retries: Item[] = [];
    for (const [batchId, ofBatch] of grouped(work, (item) => item.batchId)) {
      for (const [epoch, items] of grouped(ofBatch, (item) => item.leaf.keyEpoch)) {
        let key: ThresholdKey;
        try {
          key = await this.#key(epoch);
        } catch (error) {
          if (!(error instanceof OpeningRefused)) throw error;
          for (const item of items) this.#refuse(item, error.code, error.detail);
          continue;
        }
        this.#tell("Asking the guardians");
        const answers = await this.#gatherer.gather(batchId, epoch, items.map((item) => item.leaf.index), key.threshold, this.#opening.signal);
        for (const item of items) {
          this.#opening.signal.throwIfAborted();
          if (await this.#open(item, key, answers.get(item.leaf.index)!)) retries.push(item);
        }
      }
    }
    return retries;
  }

  /** True when a wrong answer stood in the way, and its giver was looked for. */
  async #open(item: Item, key: ThresholdKey, answers: Answers): Promise<boolean> {
    const { node, signal } = this.#opening;
    const { batchId, leaf } = item;
    if (answers.given.length < key.threshold) {
      const code = mostFrequent([...answers.refused.values()]);
      this.#refuse(item, code, code === "contribution.withdrawn" ? "Its member withdrew it." : `${answers.refused.size} guardians refuse it.`);
      return false;
    }
    const chosen = answers.given.slice(0, key.threshold);
    const share = fromHex(leaf.ephemeralShare, 32)!;
    try {
      this.#tell("Opening");
      const ciphertext = await node.blob(leaf.ciphertextDigest, leaf.size, signal);
      // What was proved is what is decrypted: these bytes, not others of the same name.
      if (ciphertext.length !== leaf.size || toHex(await sha256(ciphertext)) !== leaf.ciphertextDigest.toLowerCase())
        throw new OpeningRefused("blob.corrupt", "The file that the node sent is not the one in the list.", "Do not use this node.");
      const decrypter = new Decrypter();
      decrypter.addIdentity(new ThresholdIdentity(key, share, chosen));
      const plaintext = await this.#decrypt(decrypter, ciphertext);
      await this.#keep(item, plaintext);
      return false;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof WrongAnswer) {
        // One inquiry explains the others: whoever is excluded already need not be asked again.
        if (!chosen.some((answer) => this.#gatherer.excluded.has(answer.guardian)))
          await this.#gatherer.nameLiars(batchId, leaf.keyEpoch, leaf.index, share, key, chosen.map((answer) => answer.guardian), signal);
        return true;
      }
      if (!(error instanceof OpeningRefused)) throw error;
      this.#refuse(item, error.code, error.detail);
      return false;
    }
  }

  async #decrypt(decrypter: Decrypter, ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return Uint8Array.from(await decrypter.decrypt(ciphertext, "uint8array"));
    } catch (error) {
      if (error instanceof OpeningRefused) throw error;
      throw new OpeningRefused("age.malformed_header", `The file is no age file for this dataset, or was cut: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  async #keep({ batchId, leaf }: Item, plaintext: Uint8Array<ArrayBuffer>): Promise<void> {
    // The names that `commonhold open` gives them.
    const file = `batch-${String(batchId).padStart(6, "0")}/${String(leaf.index).padStart(6, "0")}-${leaf.ciphertextDigest.slice(2, 18)}.zip`;
    await this.#zip.addStored(file, plaintext);
    this.#bytes += plaintext.length;
    this.#opened.push({
      batchId, index: leaf.index, owner: leaf.owner, ciphertextDigest: leaf.ciphertextDigest, file, bytes: plaintext.length, sha256: toHex(await sha256(plaintext)),
    });
  }

  async #key(epoch: number): Promise<ThresholdKey> {
    const known = this.#keys.get(epoch);
    if (known !== undefined) return known;
    const found = await this.#opening.chain.keyAt(epoch);
    const commitments = found?.commitments.map((text) => fromHex(text, 32) ?? new Uint8Array()) ?? [];
    if (found === undefined || commitments.length === 0) throw new OpeningRefused("contribution.unknown_epoch", `The chain has no usable key of epoch ${epoch}: its guardians never confirmed one.`);
    const key = new ThresholdKey(found.guardians, commitments);
    this.#keys.set(epoch, key);
    return key;
  }

  #refuse({ batchId, leaf }: Item, code: string, detail: string): void {
    this.#notOpened.push({ batchId, index: leaf.index, owner: leaf.owner, code, detail });
  }

  #report(): OpeningReport {
    const byPlace = (a: { batchId: number; index: number }, b: { batchId: number; index: number }): number => a.batchId - b.batchId || a.index - b.index;
    return {
      opened: this.#opened.sort(byPlace),
      notOpened: this.#notOpened.sort(byPlace),
      liars: [...this.#gatherer.liars].sort((a, b) => a - b),
      faults: [...this.#gatherer.faults].sort(([a], [b]) => a - b).map(([guardian, { code, detail }]) => ({ guardian, code, detail })),
      helped: [...this.#gatherer.helped].filter((guardian) => !this.#gatherer.excluded.has(guardian)).sort((a, b) => a - b),
    };
  }

  #tell(doing: string): void {
    this.#opening.progress?.({ doing, done: this.#opened.length + this.#notOpened.length, total: this.#total, bytes: this.#bytes });
  }
}

function tooLarge(terms: GrantTerms): OpeningRefused {
  return new OpeningRefused(
    "grant.too_large", `The grant's ${terms.scope} batches hold more than ${limits.contributions} contributions or ${limits.bytes / 1_000_000} MB, which is more than a browser opens at once.`,
    "commonhold open GRANT --out DIR");
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function grouped<T>(items: readonly T[], by: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) groups.set(by(item), [...(groups.get(by(item)) ?? []), item]);
  return groups;
}

function mostFrequent(codes: readonly string[]): string {
  return [...codes].sort((a, b) => codes.filter((c) => c === b).length - codes.filter((c) => c === a).length)[0] ?? "guardian.too_few";
}
