/** Why a call was refused, in words for the person who asked for it. */
import { decodeErrorResult, type Hex } from "viem";
import { errorsAbi } from "./abi.ts";

/** A contract refused. `error` is its name in the ABI, for those who want to look it up. */
export class Reverted extends Error {
  override readonly name = "Reverted";
  readonly code = "chain.reverted";

  constructor(readonly error: string, message: string) {
    super(message);
  }
}

type Words = (args: readonly unknown[]) => string;

const when = (unixSeconds: unknown) => new Date(Number(unixSeconds) * 1000).toLocaleString();

/** Those that a person can meet by clicking; others are named as the contract names them. */
const PLAIN: Record<string, Words> = {
  ERC20InsufficientBalance: ([, balance, needed]) => `The account has too little of this currency: ${balance} of ${needed} base units.`,
  ERC20InsufficientAllowance: ([, allowance, needed]) => `The market may not take the price yet: ${allowance} of ${needed} base units are allowed.`,
  ERC2612ExpiredSignature: () => "The permission to take the price has expired. Sign again.",
  ERC2612InvalidSigner: () => "The permission to take the price was signed by another account.",
  AccessMarketWrongState: () => "The request has moved on: what you asked for is not possible in the state it is in now. Load the page again.",
  AccessMarketTermsMismatch: () => "These are not the terms that were requested.",
  AccessMarketNotBuyer: ([, , buyer]) => `Only the buyer, ${buyer}, may do this.`,
  AccessMarketGrantExpired: ([, endsAt]) => `The grant ended at ${when(endsAt)}.`,
  AccessMarketNotRenewable: ([, used, allowed]) => `The grant was renewed ${used} of ${allowed} times; no renewal is left.`,
  AccessMarketNothingToRefund: () => "There is nothing left to pay back.",
  AccessMarketWrongAmountReceived: () => "The currency did not arrive in full, so the market refused it.",
  GovernorInsufficientProposerVotes: ([, votes, needed]) => `To propose takes ${needed} base units of votes; this account has ${votes}.`,
  GovernorUnexpectedProposalState: () => "The proposal is in another state by now. Load the page again.",
  GovernorAlreadyCastVote: () => "This account has voted on this proposal already.",
  GovernorNonexistentProposal: () => "There is no such proposal.",
  RevenuePoolNothingToClaim: () => "There is no revenue left for this account in these distributions.",
  ContributionRegistryNothingToClaim: () => "All rewards of this account were claimed already.",
  ContributionRegistryDailyLimitReached: () => "The dataset's limit of rewards for today is reached. What is yours stays yours: claim again tomorrow.",
};

export function reverted(data: Hex | undefined, message = "The contract refused and gave no reason."): Reverted {
  if (data === undefined || data === "0x") return new Reverted("", message);
  try {
    const { errorName, args } = decodeErrorResult({ abi: errorsAbi, data }) as { errorName: string; args?: readonly unknown[] };
    if (errorName === "Error" || errorName === "Panic") return new Reverted(errorName, `The contract refused: ${String(args?.[0])}.`);
    const words = PLAIN[errorName]?.(args ?? []) ?? `The contract refused: ${spaced(errorName)}${args?.length ? ` (${args.map(String).join(", ")})` : ""}.`;
    return new Reverted(errorName, words);
  } catch {
    return new Reverted(data.slice(0, 10), `The contract refused with ${data.slice(0, 10)}, which is none of this DAO's errors.`);
  }
}

const spaced = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
