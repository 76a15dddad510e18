// The form of a request: builds exact terms, shows the sentence that the members will read, pays the price into escrow.
import { getAddress, isAddress, type Address } from "viem";
import { revenuePoolAbi, accessMarketAbi } from "../chain/abi.ts";
import { chain, verifiedDao } from "../chain/index.ts";
import type { VerifiedDao } from "../chain/index.ts";
import { priceOf, requestSentence } from "../govern/sentence.ts";
import { units } from "../govern/words.ts";
import { Cancelled, currentAccount } from "../keys/index.ts";
import type { AccountRecord } from "../keys/index.ts";
import { makeRequest, putPurpose } from "../market/acts.ts";
import { parseUnits } from "../market/amount.ts";
import { begin, begun, fillIn, finish, madeOf } from "../market/draft.ts";
import type { Draft } from "../market/draft.ts";
import { balanceOf, moneyAt, noMoney, visitFaucet } from "../market/money.ts";
import type { Money } from "../market/money.ts";
import { contributionsIn } from "../market/scope.ts";
import { busy, say, sayDone, sayProblem } from "../market/status.ts";
import { hashTerms, zeroAddress, zeroDigest } from "../market/terms.ts";
import type { GrantTerms, Mode, Pricing } from "../market/terms.ts";
import { tell, tellProblem } from "../market/verify.ts";
import { fromHex, toHex } from "../open/hex.ts";
import { recipientPoint } from "../open/recipient.ts";
import { digestOf } from "../shared/digest.ts";
import { byId, el, replace } from "../shared/dom.ts";
import { get, Problem } from "../shared/node.ts";

const maxPurposeBytes = 4096;
const maxDuration = 36_500 * 86_400;
const maxPaid = 2n ** 112n - 1n;
const whoWithoutAccount: Address = zeroAddress;

/** The form's answers; `problems` by the id of the field. */
interface Filled {
  readonly terms: GrantTerms;
  readonly money: Money;
  readonly purpose: string;
  readonly problems: ReadonlyMap<string, string>;
}

const form = document.getElementById("request-form") as HTMLFormElement | null;
if (form !== null) start(form).catch((problem: unknown) => sayProblem(byId("ask-status"), problem));

async function start(form: HTMLFormElement): Promise<void> {
  let [account, dao]: [AccountRecord | undefined, VerifiedDao | undefined] = [undefined, undefined];
  const moneys = new Map<string, Promise<Money>>();
  const touched = new Set<string>();
  let last = 0;
  /** Nobody may ask while this is false. */
  let isChecked = false;

  const review = async (): Promise<void> => {
    const turn = ++last;
    showFields(form);
    const filled = await read(form, account, moneys);
    if (turn !== last) return;
    showProblems(filled.problems, touched);
    await showReview(filled, account, dao, () => turn === last);
  };

  form.addEventListener("input", (event) => {
    touched.add((event.target as HTMLElement).id);
    void review().catch((problem: unknown) => sayProblem(byId("ask-status"), problem));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [button, status] = [byId<HTMLButtonElement>("ask"), byId("ask-status")];
    void busy(button, status, async () => {
      account = await currentAccount();
      const filled = await read(form, account, moneys);
      showProblems(filled.problems, undefined);
      const [first] = filled.problems.keys();
      if (first !== undefined) {
        byId(first).focus();
        return say(status, filled.problems.size === 1 ? "One field needs another look." : `${filled.problems.size} fields need another look.`);
      }
      if (!isChecked || dao === undefined) throw new Error("The terms could not be checked against the chain, so nothing is signed. Reload the page and try again.");
      await ask(filled, await verifiedDao(), account, status, form);
    });
  });
  document.getElementById("faucet")?.addEventListener("click", (event) => {
    const status = byId("ask-status");
    void busy(event.currentTarget as HTMLButtonElement, status, async () => {
      account = await currentAccount();
      if (account === undefined) return noAccount(status);
      say(status, "Asking the faucet…");
      await visitFaucet(account.address);
      say(status, "The test money is there.");
      await review();
    });
  });

  account = await currentAccount();
  showAccount(account);
  const draft = account === undefined ? undefined : begun(account.address);
  if (draft !== undefined) fillIn(form, draft);
  await review();
  try {
    dao = await verifiedDao();
    await checkSplit(dao);
    if (draft !== undefined) await resume(dao, draft);
    isChecked = true;
    tell(byId("verify-dao"), "checked", "The market and the shares are the ones on the chain.");
  } catch (problem) {
    tellProblem(byId("verify-dao"), problem);
  }
  await review();
}

/** What was begun and not finished is filled in again, unless it was finished after all. */
async function resume(dao: VerifiedDao, draft: Draft): Promise<void> {
  const id = await madeOf(dao, draft);
  const status = byId("ask-status");
  if (id !== undefined) {
    finish();
    return sayDone(status, "You have asked for this already", el("a", { href: `/requests/${id}` }, `Request ${id}`), " is on the chain, and its price is in escrow.");
  }
  replace(status, el("div", { class: "notice" }, el("strong", {}, "You began to ask for this"),
    el("p", {}, "It was interrupted, and no request is on the chain. Everything is filled in as it was: look it over and ask again. What you allowed the market to take is used, not asked for twice."),
    el("p", {}, "If you confirmed the request itself a moment ago, wait a minute and load this page again first.")));
}

function showAccount(account: AccountRecord | undefined): void {
  const hint = byId("own-recipient");
  if (account !== undefined) replace(hint, `${account.recipient.slice(0, 12)}…${account.recipient.slice(-6)}. Only you have it; small grants open right here.`);
  else replace(hint, "There is no account in this browser yet. ", el("a", { href: "/account" }, "Make or restore one"), ".");
}

function noAccount(status: HTMLElement): void {
  replace(status, el("p", {}, "There is no account in this browser yet. ", el("a", { href: "/account" }, "Make or restore one"), "; it takes a minute."));
}

/** Fields that only some answers need. */
function showFields(form: HTMLFormElement): void {
  const data = new FormData(form);
  const show = (id: string, isShown: boolean): void => {
    const element = document.getElementById(id);
    if (element !== null) element.hidden = !isShown;
  };
  show("worker-fields", data.get("mode") !== "raw");
  show("job-field", data.get("mode") === "job");
  show("batches-field", data.get("scope") === "some");
  show("renewals-field", data.get("pricing") === "rent");
  show("currency-field", data.get("currency") === "other");
  show("recipient-set", data.get("mode") === "raw");
  show("recipient-field", data.get("recipient") === "other");
  const bytes = new TextEncoder().encode(text(data, "purpose")).length;
  byId("purpose-count").textContent = `${bytes.toLocaleString("en")} of ${maxPurposeBytes.toLocaleString("en")} bytes`;
}

async function read(form: HTMLFormElement, account: AccountRecord | undefined, moneys: Map<string, Promise<Money>>): Promise<Filled> {
  const data = new FormData(form);
  const problems = new Map<string, string>();
  const mode = text(data, "mode") as Mode;
  const pricing = text(data, "pricing") as Pricing;
  const whole = (name: string, id: string, least: number, most: number): number => {
    const value = Number(text(data, name));
    if (/^[0-9]+$/.test(text(data, name)) && value >= least && value <= most) return value;
    problems.set(id, `Enter a whole number from ${least.toLocaleString("en")} to ${most.toLocaleString("en")}.`);
    return least;
  };

  const unit = Number(text(data, "durationUnit"));
  const duration = whole("duration", "duration", 1, Math.floor(maxDuration / unit)) * unit;
  const scope = text(data, "scope") === "some" ? Number(text(data, "batches")) : Number(form.dataset["batches"]);
  const renewals = pricing === "rent" ? whole("renewals", "renewals", 0, 65_535) : 0;
  const money = await readMoney(data, moneys, problems);
  const price = parseUnits(text(data, "price"), money.decimals);
  if (price === undefined) problems.set("price", text(data, "price") === "" ? "Enter a price; 0 asks for a gift." : `Enter an amount such as 1000 or 12.5, with at most ${money.decimals} digits after the point.`);
  else if (price * BigInt(renewals + 1) > maxPaid) problems.set("price", "The price with all renewals is more than the market can hold.");

  const purpose = text(data, "purpose").replace(/\r\n/g, "\n").trim();
  const bytes = new TextEncoder().encode(purpose).length;
  if (bytes === 0) problems.set("purpose", "Say what it is for; the members decide by this.");
  else if (bytes > maxPurposeBytes) problems.set("purpose", `Shorten it by ${(bytes - maxPurposeBytes).toLocaleString("en")} bytes.`);
  else if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(purpose)) problems.set("purpose", "It has characters that cannot be shown. Type it anew.");

  const terms: GrantTerms = {
    mode, pricing, renewals, duration, scope,
    runs: mode === "raw" ? 0 : whole("runs", "runs", 1, 4_294_967_295),
    currency: price === undefined || price === 0n ? zeroAddress : money.address,
    price: (price ?? 0n).toString(),
    recipient: readRecipient(data, mode, account, problems),
    purposeDigest: await digestOf(purpose),
    outputPolicyDigest: mode === "raw" ? zeroDigest : digest(text(data, "outputPolicy"), "output-policy", problems),
    jobDigest: mode === "job" ? digest(text(data, "job"), "job", problems) : zeroDigest,
  };
  return { terms, money: price === 0n ? noMoney : money, purpose, problems };
}

async function readMoney(data: FormData, moneys: Map<string, Promise<Money>>, problems: Map<string, string>): Promise<Money> {
  const chosen = text(data, "currency") === "other" ? text(data, "currencyAddress").trim() : text(data, "currency");
  if (!isAddress(chosen)) {
    if (chosen !== "" || !/^0*$/.test(text(data, "price"))) problems.set("currency-address", "Enter the address of a token: 0x and 40 digits.");
    return noMoney;
  }
  const address = getAddress(chosen);
  if (!moneys.has(address)) moneys.set(address, moneyAt(address));
  try {
    return await moneys.get(address)!;
  } catch (problem) {
    moneys.delete(address);
    problems.set("currency-address", problem instanceof Error ? problem.message : "The chain does not answer.");
    return noMoney;
  }
}

function readRecipient(data: FormData, mode: Mode, account: AccountRecord | undefined, problems: Map<string, string>): GrantTerms["recipient"] {
  const isOther = mode === "raw" && text(data, "recipient") === "other";
  const key = mode !== "raw" ? text(data, "worker") : isOther ? text(data, "recipientText").trim() : account?.recipient;
  const point = key === undefined ? undefined : recipientPoint(key);
  if (point !== undefined) return toHex(point);
  // Without an account the form can be filled in; asking leads to the account page.
  if (isOther) problems.set("recipient", "Enter an age key: age1 and 58 more characters.");
  return zeroDigest;
}

function digest(value: string, id: string, problems: Map<string, string>): GrantTerms["jobDigest"] {
  const bytes = fromHex(value.trim(), 32);
  if (bytes !== undefined && bytes.some((byte) => byte !== 0)) return toHex(bytes);
  problems.set(id, "Enter a digest: 0x and 64 digits.");
  return zeroDigest;
}

/** Under each field that was touched, or under all when somebody wants to go on. */
function showProblems(problems: ReadonlyMap<string, string>, touched: ReadonlySet<string> | undefined): void {
  for (const id of ["duration", "renewals", "price", "currency-address", "purpose", "recipient", "runs", "output-policy", "job"]) {
    const field = document.getElementById(id);
    if (field === null) continue;
    const problem = touched === undefined || touched.has(id) ? problems.get(id) : undefined;
    const error = document.getElementById(`${id === "currency-address" ? "currency" : id}-error`);
    if (problem === undefined) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
    if (error !== null) error.textContent = problem ?? "";
  }
}

async function showReview({ terms, money, purpose, problems }: Filled, account: AccountRecord | undefined, dao: VerifiedDao | undefined, isCurrent: () => boolean): Promise<void> {
  const [sentence, quote, have] = [byId("review-sentence"), byId("review-purpose"), byId("balance")];
  const ofTerms = [...problems.keys()].filter((id) => id !== "purpose");
  if (dao === undefined || ofTerms.length > 0) {
    replace(sentence, el("span", { class: "pending" }, dao === undefined ? "Checking the chain…" : "Fill in the form, and the sentence stands here."));
  } else {
    const contributions = await contributionsIn(dao, terms.scope);
    if (!isCurrent()) return;
    replace(sentence, `${requestSentence(account?.address ?? whoWithoutAccount, terms, contributions, money)}.`);
  }
  quote.hidden = purpose === "";
  replace(quote, purpose);

  const price = BigInt(terms.price);
  for (const [id, part] of Object.entries(shares)) byId(`share-${id}`).textContent = price > 0n ? `· ${units((price * BigInt(part)) / 10_000n, money.decimals)} ${money.symbol}` : "";
  if (account === undefined) return replace(have, el("a", { href: "/account" }, "no account here yet"));
  if (money.address === zeroAddress || dao === undefined) return replace(have, money.address === zeroAddress ? "no price to pay" : "…");
  const balance = await balanceOf(money.address, account.address);
  if (!isCurrent()) return;
  have.classList.remove("pending");
  if (balance === undefined) replace(have, el("span", { class: "error" }, "There is no currency at this address."));
  else if (balance < price) replace(have, `${units(balance, money.decimals)} ${money.symbol}. `, el("span", { class: "error" }, `That is ${units(price - balance, money.decimals)} too little.`));
  else replace(have, `${units(balance, money.decimals)} ${money.symbol}`);
}

/** Basis points of the split that is in force, filled from the chain. */
const shares = { members: 0, operators: 0, treasury: 0 };

async function checkSplit(dao: VerifiedDao): Promise<void> {
  const pool = { address: dao.contracts.pool, abi: revenuePoolAbi };
  const [id, marketPool] = await Promise.all([chain().read(pool, "currentSplitId"), chain().read({ address: dao.contracts.market, abi: accessMarketAbi }, "pool")]);
  if (marketPool !== dao.contracts.pool) throw new Error("The market pays into another pool than this DAO's.");
  const { operatorsBps, treasuryBps } = await chain().read(pool, "splitAt", [id]);
  [shares.operators, shares.treasury, shares.members] = [operatorsBps, treasuryBps, 10_000 - operatorsBps - treasuryBps];
}

async function ask({ terms, money, purpose }: Filled, dao: VerifiedDao, account: AccountRecord | undefined, status: HTMLElement, form: HTMLFormElement): Promise<void> {
  if (account === undefined) return noAccount(status);
  const price = BigInt(terms.price);
  if (price > 0n) {
    const balance = await balanceOf(money.address, account.address);
    if (balance === undefined) throw new Error("There is no currency at this address.");
    if (balance < price)
      throw new Error(`Your account has ${units(balance, money.decimals)} ${money.symbol}, and the price is ${units(price, money.decimals)} ${money.symbol}.${dao.trial ? " Get test money first." : ""}`);
  }
  const sentence = requestSentence(account.address, terms, await contributionsIn(dao, terms.scope), money);
  // The members have to be able to read it before they can be asked.
  say(status, "Giving the node the purpose…");
  await putPurpose(purpose, terms.purposeDigest).catch((problem: unknown) => {
    // Strangers can fill the shelf of purposes that wait; they cannot keep one out that a request names.
    if (!(problem instanceof Problem && problem.code === "purpose.too_many_waiting")) throw problem;
  });
  await begin(dao, account.address, hashTerms(terms), form);
  const id = await makeRequest(dao, terms, money, `Ask: ${sentence}. ${price > 0n ? `${priceOf({ ...terms, pricing: "sale" }, money)}, in the currency of the contract ${money.address}, goes into escrow.` : "Nothing is paid."}`, (text) => say(status, text)).catch((problem: unknown) => {
    // Nothing was sent, so there is nothing to come back to.
    if (problem instanceof Cancelled) finish();
    throw problem;
  });
  finish();
  say(status, `Request ${id} is on the chain.`);
  await shown(id);
  // Now that the request names it, the node takes it whatever else waits there.
  await putPurpose(purpose, terms.purposeDigest);
  location.assign(`/requests/${id}`);
}

/** The node reads the chain a moment later than this browser. */
async function shown(id: number): Promise<void> {
  for (let patience = 0; patience < 40; patience++) {
    if ((await get<readonly unknown[]>(`/v1/requests?from=${id}&limit=1`)).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function text(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value : "";
}
