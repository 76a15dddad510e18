// A request that takes two transactions can be interrupted between them: a tab closed, a wallet that did not answer. What was filled in is kept on this
// device until the request is made, so that nobody types it twice or asks twice. Nothing of it is secret: all but the half-typed is public a minute later.
import type { Address } from "viem";
import { accessMarketAbi } from "../chain/abi.ts";
import { chain } from "../chain/index.ts";
import type { VerifiedDao } from "../chain/index.ts";
import { grantOf } from "./acts.ts";
import type { Hex } from "./terms.ts";

export interface Draft {
  readonly account: Address;
  readonly market: Address;
  readonly termsHash: Hex;
  /** How many requests there were when it was begun. */
  readonly from: number;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const PLACE = "request-draft";
const MOST_LOOKED_AT = 200;

export async function begin(dao: VerifiedDao, account: Address, termsHash: Hex, form: HTMLFormElement): Promise<void> {
  const from = Number(await chain().read({ address: dao.contracts.market, abi: accessMarketAbi }, "grantCount"));
  const fields = [...new FormData(form)].flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : []));
  const draft: Draft = { account, market: dao.contracts.market, termsHash, from, fields };
  localStorage.setItem(PLACE, JSON.stringify(draft));
}

export function begun(account: Address): Draft | undefined {
  const kept = localStorage.getItem(PLACE);
  const draft = kept === null ? undefined : (JSON.parse(kept) as Draft);
  return draft?.account === account ? draft : undefined;
}

export function finish(): void {
  localStorage.removeItem(PLACE);
}

export function fillIn(form: HTMLFormElement, { fields }: Draft): void {
  for (const [name, value] of fields) {
    const field = form.elements.namedItem(name);
    if (field instanceof RadioNodeList || field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement) field.value = value;
  }
}

/** The number of the request when it was made after all; undefined when there is none. */
export async function madeOf(dao: VerifiedDao, draft: Draft): Promise<number | undefined> {
  if (draft.market !== dao.contracts.market) return undefined;
  const count = Number(await chain().read({ address: dao.contracts.market, abi: accessMarketAbi }, "grantCount"));
  for (let id = draft.from; id < Math.min(count, draft.from + MOST_LOOKED_AT); id++) {
    const { buyer, termsHash } = await grantOf(dao, id);
    if (buyer === draft.account && termsHash === draft.termsHash) return id;
  }
  return undefined;
}
