// One request or grant: holds its terms and purpose against the chain, offers what this account can do, opens small grants.
import { type Address } from "viem";
import { contributionRegistryAbi, dataGovernorAbi, guardianRegistryAbi } from "../chain/abi.ts";
import { ChainMismatch, ChainUnavailable, chain, verifiedDao } from "../chain/index.ts";
import type { VerifiedDao } from "../chain/index.ts";
import { requestSentence } from "../govern/sentence.ts";
import { duration, units } from "../govern/words.ts";
import { currentAccount, withIdentity } from "../keys/index.ts";
import type { AccountRecord } from "../keys/index.ts";
import { collect, grantOf, refund, renew } from "../market/acts.ts";
import type { ChainGrant } from "../market/acts.ts";
import { moneyAt } from "../market/money.ts";
import type { Money } from "../market/money.ts";
import { contributionsIn } from "../market/scope.ts";
import { busy, say, sayDone, sayProblem } from "../market/status.ts";
import { hashTerms } from "../market/terms.ts";
import type { GrantTerms } from "../market/terms.ts";
import { tell, tellProblem } from "../market/verify.ts";
import { blobAt, guardianAt, limits, openGrant } from "../open/index.ts";
import type { OpeningChain, OpeningReport } from "../open/index.ts";
import { recipientOf } from "../open/recipient.ts";
import { fromHex } from "../open/hex.ts";
import { digestOf } from "../shared/digest.ts";
import { byId, el, replace } from "../shared/dom.ts";
import { bytes, count, counted } from "../shared/format.ts";
import { onChange, refreshNow } from "../shared/live.ts";
import { get, problemOf } from "../shared/node.ts";

interface RequestView {
  readonly requestId: number;
  readonly buyer: Address;
  readonly termsHash: string;
  readonly terms: GrantTerms;
}

/** What the chain alone says. It is enough to pay a buyer back, which must not hang on what a page or a coin says. */
interface Held {
  readonly dao: VerifiedDao;
  readonly grant: ChainGrant;
  /** As its contract calls itself now. */
  readonly money: Money;
  readonly now: number;
  readonly account: AccountRecord | undefined;
}

/** What the page and the node say, held against the chain: nothing else is signed or opened without it. */
interface Checked extends Held {
  readonly view: RequestView;
  readonly contributions: bigint;
}

const acts = byId("acts");
const status = byId("act-status");
const id = Number(acts.dataset["request"]);
/** While something runs here, what the node tells must not take the buttons away. */
let isActing = false;
/** How long until a chain that did not answer is asked again, in milliseconds. */
const whenAway = 5000;

void look();
onChange(["requests", "proposals"], () => void (isActing || look()));

async function look(): Promise<void> {
  let held: Held | undefined;
  try {
    held = await hold();
    const checked = await check(held);
    tell(byId("verify-terms"), "checked", "These terms are the ones on the chain.");
    offer(checked);
  } catch (problem) {
    tellProblem(byId("verify-terms"), problem);
    const back = held === undefined ? [] : refunds(held);
    replace(acts, el("p", {}, back.length > 0
      ? "Not all that this page says is confirmed by the chain, so nothing can be done here but to pay the buyer back: for that the chain's own word is enough."
      : "Nothing can be done here until the page is checked against the chain."), ...back);
    if (problem instanceof ChainUnavailable) setTimeout(() => void (isActing || look()), whenAway);
  }
  await checkPurpose();
}

async function hold(): Promise<Held> {
  const [dao, account] = await Promise.all([verifiedDao(), currentAccount()]);
  const [grant, now] = await Promise.all([grantOf(dao, id), chain().blockTime()]);
  return { dao, grant, now, account, money: await moneyAt(grant.currency) };
}

async function check(held: Held): Promise<Checked> {
  const { dao, grant, money } = held;
  const view = await get<RequestView>(`/v1/requests/${id}`);
  if (hashTerms(view.terms) !== grant.termsHash) throw new ChainMismatch("the terms", hashTerms(view.terms), grant.termsHash);
  if (view.buyer !== grant.buyer) throw new ChainMismatch("the buyer", view.buyer, grant.buyer);
  const contributions = await contributionsIn(dao, view.terms.scope);
  const [shown, read] = [byId("sentence").textContent ?? "", `${requestSentence(grant.buyer, view.terms, contributions, money)}.`];
  if (shown !== read) throw new ChainMismatch("what is asked for", shown, read);
  return { ...held, view, contributions };
}

async function checkPurpose(): Promise<void> {
  const mark = document.getElementById("verify-purpose");
  if (mark === null) return;
  try {
    const { terms } = await get<RequestView>(`/v1/requests/${id}`);
    const response = await fetch(`/v1/purposes/${terms.purposeDigest}`);
    if (!response.ok) throw await problemOf(response);
    const text = await response.text();
    // What is compared is what is shown, but for line ends, which HTML has in one form only.
    const isShown = text.replace(/\r\n?/g, "\n") === (byId("purpose").textContent ?? "").replace(/\r\n?/g, "\n");
    if (isShown && (await digestOf(text)) === terms.purposeDigest) tell(mark, "checked", "This is the very text that the terms name.");
    else tell(mark, "differs", "This is not the text that the terms name. Do not vote on it.");
  } catch (problem) {
    tellProblem(mark, problem);
  }
}

/** What is the buyer's own. The market pays it to the buyer and to nobody else, whatever this page says of the terms. */
function refunds({ dao, grant, money, account }: Held): Node[] {
  const amount = (value: bigint): string => `${units(value, money.decimals)} ${money.symbol}`;
  const ofContract = `in the currency of the contract ${grant.currency}`;
  if (grant.state === "requested" && account?.address === grant.buyer) {
    const [what, signed] = grant.price > 0n
      ? [`Take the price back: ${amount(grant.price)}`, `Take the price back, ${amount(grant.price)}, ${ofContract}, and end request ${id}.`]
      : ["Withdraw the request", `Withdraw the request, and end request ${id}.`];
    return [
      el("p", {}, "You made this request. Until it is approved you can end it, without asking anybody."),
      button(what, "danger", () => refund(dao, id, signed), grant.price > 0n ? "The price is back in your account." : "The request is ended."),
    ];
  }
  const unearned = grant.price * BigInt(grant.renewalsUsed + 1) - grant.earned;
  if (grant.state === "revoked" && grant.isRent && !grant.isUnearnedReturned && unearned > 0n)
    return [button(`Pay the unearned rent back: ${amount(unearned)}`, "", () => refund(dao, id, `Pay the unearned rent of grant ${id}, ${amount(unearned)}, ${ofContract}, back to its buyer.`), "The unearned rent is back with the buyer.")];
  return [];
}

/** The buttons that make sense for this account in this state. */
function offer(checked: Checked): void {
  const { grant, view, account, money, now, dao } = checked;
  const price = `${units(grant.price, money.decimals)} ${money.symbol}`;
  const isBuyer = account?.address === grant.buyer;
  const isOpen = grant.state === "granted" && now < grant.endsAt;
  const children: (Node | undefined)[] = [...refunds(checked)];

  if (grant.state === "requested") children.push(proposeLink(checked));
  if (isOpen && account?.recipient !== undefined && account.recipient === recipientText(view.terms)) children.push(...openHere(checked));
  else if (isOpen && view.terms.mode === "raw")
    children.push(el("p", { class: "hint" }, account === undefined ? "If the key of this grant is in this browser, its files open here." : "The key of this grant is another one than this account's."));
  if (grant.isRent && (grant.state === "granted" || grant.state === "revoked") && grant.earned > grant.collected) {
    const due = `${units(grant.earned - grant.collected, money.decimals)} ${money.symbol}`;
    // The market refuses crumbs while the rent runs: a thirty-second of it at least.
    const isEnough = now >= grant.endsAt || grant.state === "revoked" || grant.earned - grant.collected >= grant.price / 32n;
    children.push(isEnough
      ? button(`Share out the earned rent: ${due}`, "quiet", () => collect(dao, id, `Share out ${due} that grant ${id} has earned.`), "The earned rent is with the members, the operators and the treasury.")
      : el("p", { class: "hint" }, `${due} of the rent is earned and not yet shared out. It can be once it is ${units(grant.price / 32n, money.decimals)} ${money.symbol}.`));
  }
  if (isOpen && grant.isRent && isBuyer && grant.renewalsUsed < grant.renewals)
    children.push(button(`Renew for ${price}`, "quiet", () => renew(dao, id, grant, `Renew grant ${id} for another ${duration(BigInt(view.terms.duration))} for ${price}.`), "The grant runs longer."));
  if (isOpen) children.push(el("p", { class: "hint" }, "Members can ", el("a", { href: `/vote/new?kind=revoke&request=${id}` }, "propose to end it"), "."));

  const shown = children.filter((child) => child !== undefined);
  replace(acts, ...(shown.length > 0 ? shown : [el("p", {}, grant.state === "refunded" ? "It is over. Nothing is left to do." : "Nothing, now.")]));
  if (account === undefined) acts.append(el("p", { class: "hint" }, "There is no account in this browser. ", el("a", { href: "/account" }, "Make or restore one"), " to act on this."));
}

function proposeLink({ dao, account }: Checked): Node {
  const place = el("div");
  void (async () => {
    const governor = { address: dao.contracts.governor, abi: dataGovernorAbi };
    const [threshold, votes] = await Promise.all([
      chain().read(governor, "proposalThreshold"),
      account === undefined ? 0n : chain().blockTime().then((now) => chain().read(governor, "getVotes", [account.address, BigInt(now - 1)])),
    ]);
    // While a vote decides there is nothing to propose; after one that failed there is.
    if (document.querySelector('#request-steps a[href^="/vote/"]') !== null && document.querySelector('#request-steps [data-state="failed"]') === null) return;
    if (votes >= threshold && votes > 0n) replace(place, el("p", {}, "You have enough votes to put it before the members."), el("a", { class: "button", href: `/vote/new?kind=request&request=${id}` }, "Put it to the vote"));
    else replace(place, el("p", { class: "hint" }, `Whoever has ${units((threshold + 10n ** 16n - 1n) / 10n ** 16n, 2)} votes can put it before the members.`));
  })().catch(() => undefined);
  return place;
}

function button(label: string, kind: string, act: () => Promise<unknown>, done: string): HTMLButtonElement {
  const element = el("button", { type: "button", class: kind }, label);
  element.addEventListener("click", () => void busy(element, status, async () => {
    isActing = true;
    try {
      say(status, "Confirm with your key.");
      await act();
      sayDone(status, done);
      await look();
      setTimeout(() => void refreshNow(), 1200);
    } finally {
      isActing = false;
    }
  }));
  return element;
}

function recipientText(terms: GrantTerms): string {
  return recipientOf(fromHex(terms.recipient, 32)!);
}

/** Opening in the browser, while the grant is small enough for it. */
function openHere(checked: Checked): Node[] {
  const { contributions, view } = checked;
  if (view.terms.mode !== "raw") return [];
  const limit = `A browser opens at most ${limits.contributions} contributions or ${bytes(limits.bytes)} at once.`;
  if (contributions > BigInt(limits.contributions))
    return [el("p", {}, `This grant covers ${count(contributions)} contributions. ${limit} Use the command line.`)];
  const start = el("button", { type: "button", id: "open-here" }, "Open here, into a zip");
  start.addEventListener("click", () => void busy(start, status, async () => {
    isActing = true;
    try {
      await open(checked);
    } finally {
      isActing = false;
    }
  }));
  return [el("p", {}, "The key of this grant is yours. Your browser asks the guardians, puts their answers together and decrypts. Nobody else sees the files."), start, el("p", { class: "hint" }, limit)];
}

async function open(checked: Checked): Promise<void> {
  const { dao, view } = checked;
  const cancelling = new AbortController();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const bar = el("progress", { max: 1, "aria-label": "Opening" });
  const words = el("p", { class: "hint" }, "Confirm with your key.");
  const cancel = el("button", { type: "button", class: "quiet small", onclick: () => cancelling.abort(new DOMException("Cancelled", "AbortError")) }, "Cancel");
  replace(status, bar, words, cancel);
  try {
    const report = await withIdentity(`Open grant ${id}: ${counted(checked.contributions, "contribution")}, decrypted in this browser into one zip.`, (identity) => {
      cancelling.signal.throwIfAborted();
      return openGrant({
        grantId: id, terms: view.terms, identity, chain: openingChain(dao), signal: cancelling.signal,
        guardians: dao.guardians.members.filter((member) => member.url !== undefined).map((member) => guardianAt(member.index, member.url!)),
        node: { manifest: (batch, signal) => get<unknown>(`/v1/batches/${batch}/manifest`, signal), blob: (digest, maxBytes, signal) => blobAt(`/v1/blobs/${digest}`, maxBytes, signal) },
        output: { write: async (part) => void chunks.push(part.slice()) },
        progress: ({ doing, done, total, bytes: opened }) => {
          if (total > 0) [bar.max, bar.value] = [total, done];
          words.textContent = total === 0 ? `${doing}…` : `${doing}: ${done} of ${counted(total, "contribution")}, ${bytes(opened)}`;
        },
      });
    });
    save(new Blob(chunks, { type: "application/zip" }), report);
  } catch (problem) {
    if (cancelling.signal.aborted) return say(status, "Cancelled. Nothing was kept.");
    sayProblem(status, problem);
  }
}

function openingChain(dao: VerifiedDao): OpeningChain {
  const [registry, guardians] = [{ address: dao.contracts.registry, abi: contributionRegistryAbi }, { address: dao.contracts.guardians, abi: guardianRegistryAbi }];
  const stateNumbers = { none: 0, requested: 1, granted: 2, refunded: 3, revoked: 4 } as const;
  return {
    chainId: dao.chainId,
    registry: dao.contracts.registry,
    grantAt: async (number) => {
      const grant = await grantOf(dao, number);
      return { state: stateNumbers[grant.state], termsHash: grant.termsHash, endsAt: grant.endsAt };
    },
    time: () => chain().blockTime(),
    batchAt: async (number) => (BigInt(number) < (await chain().read(registry, "batchCount")) ? chain().read(registry, "batchAt", [BigInt(number)]) : undefined),
    keyAt: async (epoch) => {
      if (epoch === 0 || epoch > (await chain().read(guardians, "latestEpoch"))) return undefined;
      const found = await chain().read(guardians, "epochAt", [epoch]);
      return { guardians: found.guardians.length, commitments: found.commitments };
    },
  };
}

/** Hands the zip to the browser's downloads, and says what is in it and what is not. */
function save(zip: Blob, report: OpeningReport): void {
  const address = URL.createObjectURL(zip);
  const link = el("a", { href: address, download: `grant-${id}.zip`, class: "button" }, `Save grant-${id}.zip again (${bytes(zip.size)})`);
  const notes: (Node | undefined)[] = [
    report.notOpened.length === 0 ? undefined : el("details", {},
      el("summary", {}, `${counted(report.notOpened.length, "contribution")} not opened`),
      el("ul", {}, ...report.notOpened.map((item) => el("li", {}, `Batch ${item.batchId}, number ${item.index}: ${item.detail} (${item.code})`)))),
    report.liars.length === 0 ? undefined : el("p", { class: "error" }, `Guardian ${report.liars.join(", ")} answered wrongly. Its own proof shows it; others were asked instead.`),
    report.faults.length === 0 ? undefined : el("p", { class: "hint" }, `Not needed: ${report.faults.map((fault) => `guardian ${fault.guardian} did not help (${fault.code})`).join("; ")}.`),
  ];
  replace(status, el("div", { class: `notice ${report.opened.length > 0 ? "good" : "warn"}` },
    el("strong", {}, `${count(report.opened.length)} of ${counted(report.opened.length + report.notOpened.length, "contribution")} opened`),
    el("p", {}, `Guardians ${report.helped.join(", ")} helped. Every file was checked against the chain; opened.json in the zip lists them.`),
    ...notes, el("p", {}, link)));
  const saving = el("a", { href: address, download: `grant-${id}.zip` });
  document.body.append(saving);
  saving.click();
  saving.remove();
  addEventListener("pagehide", () => URL.revokeObjectURL(address), { once: true });
}
