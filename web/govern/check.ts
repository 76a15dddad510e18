import type { Address, Hex } from "viem";
import { accessMarketAbi, dataGovernorAbi } from "../chain/abi.ts";
import { chain, verifiedDao, type VerifiedDao } from "../chain/index.ts";
import { moneyAt, noMoney, type Money } from "../market/money.ts";
import { contributionsIn } from "../market/scope.ts";
import { hashTerms, type GrantTerms } from "../market/terms.ts";
import { digestOf } from "../shared/digest.ts";
import { get } from "../shared/node.ts";
import { ageRecipient, readAction, type ReadAction } from "./actions.ts";
import { proposalId, wordsOf, type ProposalView } from "./proposal.ts";
import { actionSentence, requestSentence } from "./sentence.ts";
import { short } from "./words.ts";

/** What the node shows is not what the chain has. Nobody is to sign on its word. */
export class ProposalAltered extends Error {
  override readonly name = "ProposalAltered";
  readonly code = "proposal.altered";

  constructor(what: string, readonly shown: string, readonly found: string) {
    super(`The node and the chain disagree on ${what}: the node shows “${shown}”, the chain has “${found}”.`);
  }
}

export interface CheckedProposal {
  readonly id: bigint;
  readonly dao: VerifiedDao;
  readonly description: string;
  readonly actions: readonly CheckedAction[];
  /** What a vote for it would have the DAO do; built here, from the chain. */
  readonly sentence: string;
}

export interface CheckedAction {
  readonly read: ReadAction;
  readonly sentence: string;
  readonly request: CheckedRequest | undefined;
}

export interface CheckedRequest {
  readonly id: number;
  readonly buyer: Address;
  readonly terms: GrantTerms;
  readonly sentence: string;
  /** Which contract the price is paid in; undefined when nothing is paid. */
  readonly currency: Money | undefined;
  /** Undefined when nobody gave the node the text. */
  readonly purpose: string | undefined;
}

interface RequestView {
  readonly requestId: number;
  readonly terms: GrantTerms;
}

/**
 * Reads a proposal and holds every part of it against the chain: its number is the digest of its calls and its text, the governor knows that
 * number, a request's terms have the hash that is voted on, and the purpose's text has the digest that stands in the terms.
 * @throws ProposalAltered ChainMismatch
 */
export async function checkProposal(id: string): Promise<CheckedProposal> {
  const [dao, view] = await Promise.all([verifiedDao(), get<ProposalView>(`/v1/proposals/${encodeURIComponent(id)}`)]);
  const number = proposalId(view.actions, view.description);
  if (number !== BigInt(id)) throw new ProposalAltered("what is voted on", id, number.toString());
  // Reverts when the governor has no such proposal.
  await chain().read({ address: dao.contracts.governor, abi: dataGovernorAbi }, "state", [number]);
  const actions = await Promise.all(view.actions.map(async (action) => {
    const read = readAction(dao.contracts, action);
    const request = await approved(dao, read);
    return { read, request, sentence: actionSentence(read, request?.sentence) };
  }));
  return { id: number, dao, description: view.description, actions, sentence: actions.map(({ sentence }) => sentence).join(" ") };
}

/** The request that a call would approve, when its terms are exactly the ones that are voted on. */
async function approved(dao: VerifiedDao, { contract, function: name, values }: ReadAction): Promise<CheckedRequest | undefined> {
  if (contract !== "access market" || name !== "approve" || values === undefined) return undefined;
  const request = await checkRequest(dao, BigInt(values[0] as bigint));
  return request !== undefined && hashTerms(request.terms) === (values[1] as Hex) ? request : undefined;
}

/** A request's terms as the market itself has them by their hash; undefined when it has no such request. */
export async function checkRequest(dao: VerifiedDao, id: bigint): Promise<CheckedRequest | undefined> {
  const { state, buyer, termsHash } = await chain().read({ address: dao.contracts.market, abi: accessMarketAbi }, "grantAt", [id]);
  if (state === 0) return undefined;
  const { terms } = await get<RequestView>(`/v1/requests/${id}`);
  if (hashTerms(terms) !== termsHash) throw new ProposalAltered(`the terms of request ${id}`, hashTerms(terms), termsHash);
  const isPaid = BigInt(terms.price) > 0n;
  const [contributions, currency, purpose] = await Promise.all([contributionsIn(dao, terms.scope), isPaid ? moneyAt(terms.currency) : noMoney, purposeOf(terms.purposeDigest)]);
  return { id: Number(id), buyer, terms, purpose, currency: isPaid ? currency : undefined, sentence: requestSentence(buyer, terms, contributions, currency) };
}

async function purposeOf(digest: Hex): Promise<string | undefined> {
  const response = await fetch(`/v1/purposes/${digest}`);
  if (!response.ok) return undefined;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const found = await digestOf(bytes);
  if (found !== digest) throw new ProposalAltered("the purpose’s text", found, digest);
  return new TextDecoder().decode(bytes);
}

/** Holds what the page shows against what was checked; the browser normalises white space, so the comparison does too. */
export function holdPage(checked: CheckedProposal, page: ParentNode): void {
  const compare = (what: string, element: Element | null, expected: string): void => {
    const shown = plain(element?.textContent ?? "");
    if (shown !== plain(expected)) throw new ProposalAltered(what, shown, expected);
  };
  compare("the sentence", page.querySelector("#proposal"), checked.sentence);
  const shown = page.querySelectorAll("[data-action]");
  if (shown.length !== checked.actions.length) throw new ProposalAltered("the number of calls", String(shown.length), String(checked.actions.length));
  checked.actions.forEach(({ read, sentence, request }, i) => {
    const card = shown[i]!;
    compare("a call’s sentence", card.querySelector(".sentence"), sentence);
    const values = card.querySelectorAll("[data-argument]");
    if (values.length !== read.arguments.length) throw new ProposalAltered("a call’s arguments", String(values.length), String(read.arguments.length));
    read.arguments.forEach((argument, at) => compare(`the argument ${argument.name}`, values[at]!, argument.value));
    if (request !== undefined) holdRequest(request, page, compare);
  });
  compare("the proposer’s own words", page.querySelector("#author ~ blockquote"), wordsOf(checked.description));
}

type Compare = (what: string, element: Element | null, expected: string) => void;

/** A text of the page that this browser cannot hold against a digest is nobody's: a node that withholds it may not show another in its place. */
function holdRequest({ id, buyer, terms, currency, purpose }: CheckedRequest, page: ParentNode, compare: Compare): void {
  compare("the purpose", page.querySelector(`[data-purpose="${terms.purposeDigest}"]`), purpose ?? "");
  const named = (term: string, what: string, expected: string): void => {
    const element = page.querySelector(`[data-request="${id}"] [data-term="${term}"] [title]`);
    // What is read, without the button that copies, and what is copied.
    const shown = [...(element?.childNodes ?? [])].flatMap((node) => (node.nodeType === 3 ? [node.textContent] : [])).join("");
    const whole = element?.getAttribute("title") ?? "nothing";
    if (plain(shown) !== short(expected) || whole !== expected) throw new ProposalAltered(what, whole === expected ? shown : whole, expected);
  };
  named("buyer", "the buyer", buyer);
  named("recipient", "whose key opens the files", ageRecipient(terms.recipient));
  if (currency !== undefined) named("currency", "the currency’s contract", currency.address);
}

const plain = (text: string): string => text.replace(/\s+/g, " ").trim();
