// What a call would do, in a sentence: the same as Commonhold.Server's ActionSentence and RequestSentence, word for word. The node shows its
// sentence, this browser builds its own from what it decoded itself, and nobody is asked to sign when the two differ. Accounts and keys stand
// in them whole: of one that is cut short somebody could make another with the same ends.
import type { Address, Hex } from "viem";
import type { GrantTerms } from "../market/terms.ts";
import { ageRecipient, type ReadAction } from "./actions.ts";
import { counted, duration, grouped, percent, tokens, units } from "./words.ts";

export interface Currency {
  readonly symbol: string;
  readonly decimals: number;
}

/** Who, what, how, how long, for how much. `contributions`: in the batches of its scope, when they were committed. */
export function requestSentence(buyer: Address, terms: GrantTerms, contributions: bigint, currency: Currency): string {
  const [who, files, time, price] = [buyer, counted(contributions, "contribution"), duration(BigInt(terms.duration)), priceOf(terms, currency)];
  const worker = (): string => ageRecipient(terms.recipient);
  switch (terms.mode) {
    case "raw":
      return `Let ${who} read ${files} raw for ${time} for ${price}`;
    case "anonymised":
      return `Let ${who} have ${files}, anonymised by the worker ${worker()}, for ${time} for ${price}`;
    case "query":
      return `Let ${who} ask the worker ${worker()} up to ${counted(terms.runs, "question")} about ${files} within ${time} for ${price}`;
    case "job":
      return `Let ${who} have the worker ${worker()} run a job on ${files} up to ${counted(terms.runs, "time")} within ${time} for ${price}`;
  }
}

export function priceOf(terms: GrantTerms, currency: Currency): string {
  if (BigInt(terms.price) === 0n) return "nothing";
  const amount = `${units(BigInt(terms.price), currency.decimals)} ${currency.symbol}`;
  if (terms.pricing === "sale") return amount;
  return `a rent of ${amount}${terms.renewals === 0 ? "" : `, renewable ${counted(terms.renewals, "time")}`}`;
}

/** `request`: what the approved request asks for, when its terms are exactly those that are voted on. */
export function actionSentence(action: ReadAction, request?: string): string {
  if (action.function === undefined) return `Call ${targetOf(action)} with ${counted(action.bytes, "byte")} that cannot be read${paying(action)}.`;
  if (action.values === undefined) return `Call ${action.function} of ${targetOf(action)} with arguments that are not valid: it will fail.`;
  return `${known(action, action.values, request) ?? `Call ${action.function} of ${targetOf(action)}${argumentsOf(action)}`}${paying(action)}.`;
}

function known(action: ReadAction, values: readonly unknown[], request: string | undefined): string | undefined {
  const number = (at: number): bigint => BigInt(values[at] as bigint | number);
  switch (`${action.contract}.${action.function}`) {
    case "access market.approve":
      return request ?? `Approve request ${number(0)} with exactly the terms ${values[1] as Hex}`;
    case "access market.revoke":
      return `End grant ${number(0)} now; rent that is not yet earned goes back to the buyer`;
    case "access market.setWorker":
      return `Let the worker with this key run ${values[1] === true ? "grants" : "no more grants"}: ${ageRecipient(values[0] as Hex)}`;
    case "contribution registry.setValidators":
      return `Make ${counted(list(values[0]).length, "account")} the validators, ${number(1)} of whom sign a batch: ${accounts(values[0])}`;
    case "contribution registry.setDailyLimit":
      return `Let at most ${tokens(number(0), 6)} be minted a day`;
    case "contribution registry.setPolicyDigest":
      return `Judge contributions by the policy with the digest ${values[0] as Hex}`;
    case "guardian registry.startEpoch":
      return `Start a new dataset key with ${counted(list(values[0]).length, "guardian")}, ${number(1)} of whom open a file: ${accounts(values[0])}`;
    case "revenue pool.setSplit":
      return split(values[0] as Split);
    case "governor.setVotingDelay":
      return `Let voting begin ${duration(number(0))} after a proposal`;
    case "governor.setVotingPeriod":
      return `Let voting last ${duration(number(0))}`;
    case "governor.setLateQuorumVoteExtension":
      return `Let voting go on for ${duration(number(0))} when the quorum is reached late`;
    case "governor.setProposalThreshold":
      return `Let whoever has ${percent(number(0))} of all tokens propose`;
    case "governor.setQuorumFloor":
      return `Ask for at least ${tokens(number(0), 18)} in every vote`;
    case "governor.updateQuorumNumerator":
      return `Ask for ${number(0)}% of all tokens in every vote`;
    case "timelock.updateDelay":
      return `Let ${duration(number(0))} pass between a vote and carrying it out`;
    default:
      return undefined;
  }
}

interface Split {
  readonly operatorsBps: number;
  readonly treasuryBps: number;
  readonly operators: Address;
  readonly treasury: Address;
}

function split({ operatorsBps, treasuryBps, operators, treasury }: Split): string {
  const bps = (value: number): string => percent(BigInt(value));
  return `Share later revenue out as ${bps(10_000 - operatorsBps - treasuryBps)} to the members, ${bps(operatorsBps)} to the operators at ${operators} and ${bps(treasuryBps)} to the treasury at ${treasury}`;
}

const list = (value: unknown): readonly Address[] => value as readonly Address[];

const accounts = (value: unknown): string => list(value).join(", ");

const targetOf = (action: ReadAction): string => (action.contract === undefined ? action.target : `the ${action.contract}`);

const argumentsOf = (action: ReadAction): string =>
  action.arguments.length === 0 ? "" : ` with ${action.arguments.map(({ name, value }) => `${name} ${value}`).join(", ")}`;

const paying = (action: ReadAction): string => (action.value === "0" ? "" : `, paying ${grouped(BigInt(action.value))} wei`);
