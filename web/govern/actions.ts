import { decodeFunctionData, toFunctionSelector, type Abi, type AbiParameter, type Address, type Hex } from "viem";
import {
  accessMarketAbi, contributionRegistryAbi, dataGovernorAbi, dataTokenAbi, guardianRegistryAbi, revenuePoolAbi, timelockControllerAbi,
} from "../chain/abi.ts";
import type { DaoContracts } from "../chain/dao.ts";
import { fromHex } from "../open/hex.ts";
import { recipientOf } from "../open/recipient.ts";
import { duration, percent, tokens } from "./words.ts";

/** One call of a proposal as the chain has it. */
export interface ProposalAction {
  readonly target: Address;
  /** Wei, decimal. */
  readonly value: string;
  readonly calldata: Hex;
}

/** The same decoded as far as it can be; C#'s ReadAction. */
export interface ReadAction {
  readonly target: Address;
  /** Undefined when the target is no contract of this DAO. */
  readonly contract: string | undefined;
  /** Undefined when the contract has none with this selector. */
  readonly function: string | undefined;
  /** Undefined when they are no encoding of the function's inputs. */
  readonly values: readonly unknown[] | undefined;
  readonly arguments: readonly ReadArgument[];
  readonly value: string;
  readonly bytes: number;
}

export interface ReadArgument {
  /** A tuple's part stands by itself, as `split.operatorsBps`. */
  readonly name: string;
  readonly value: string;
  /** The same in a person's unit, where it has one. */
  readonly meaning: string | undefined;
}

const meanings: Readonly<Record<string, (value: never) => string>> = {
  "setWorker.recipient": (value: Hex) => ageRecipient(value),
  "setDailyLimit.points": (value: bigint) => tokens(BigInt(value), 6),
  "setSplit.split.operatorsBps": (value: number) => percent(BigInt(value)),
  "setSplit.split.treasuryBps": (value: number) => percent(BigInt(value)),
  "setVotingDelay.newVotingDelay": (value: number) => duration(BigInt(value)),
  "setVotingPeriod.newVotingPeriod": (value: number) => duration(BigInt(value)),
  "setLateQuorumVoteExtension.newVoteExtension": (value: number) => duration(BigInt(value)),
  "setProposalThreshold.newProposalThreshold": (value: bigint) => `${percent(value)} of all tokens`,
  "setQuorumFloor.newQuorumFloor": (value: bigint) => tokens(value, 18),
  "updateQuorumNumerator.newQuorumNumerator": (value: bigint) => `${value}% of all tokens`,
  "updateDelay.newDelay": (value: bigint) => duration(value),
};

function knownContracts(contracts: DaoContracts): readonly { readonly address: Address; readonly name: string; readonly abi: Abi }[] {
  return [
    { address: contracts.market, name: "access market", abi: accessMarketAbi },
    { address: contracts.registry, name: "contribution registry", abi: contributionRegistryAbi },
    { address: contracts.guardians, name: "guardian registry", abi: guardianRegistryAbi },
    { address: contracts.pool, name: "revenue pool", abi: revenuePoolAbi },
    { address: contracts.governor, name: "governor", abi: dataGovernorAbi },
    { address: contracts.timelock, name: "timelock", abi: timelockControllerAbi },
    { address: contracts.token, name: "token", abi: dataTokenAbi },
  ];
}

/** The 32 bytes of a grant's recipient as age writes them. */
export function ageRecipient(point: Hex): string {
  const bytes = fromHex(point, 32);
  if (bytes === undefined) throw new RangeError(`${point} is not 32 bytes.`);
  return recipientOf(bytes);
}

export function readAction(contracts: DaoContracts, { target, value, calldata }: ProposalAction): ReadAction {
  const known = knownContracts(contracts).find(({ address }) => address.toLowerCase() === target.toLowerCase());
  const plain = { target, value, bytes: (calldata.length - 2) / 2, contract: known?.name };
  if (known === undefined || plain.bytes < 4) return { ...plain, function: undefined, values: undefined, arguments: [] };
  const item = functionWith(known.abi, calldata.slice(0, 10).toLowerCase());
  if (item === undefined) return { ...plain, function: undefined, values: undefined, arguments: [] };
  try {
    const values = (decodeFunctionData({ abi: [item], data: calldata }).args ?? []) as readonly unknown[];
    return { ...plain, function: item.name, values, arguments: item.inputs.flatMap((input, i) => flatten(item.name, input.name ?? "", input, values[i])) };
  } catch {
    return { ...plain, function: item.name, values: undefined, arguments: [] };
  }
}

type AbiFunction = Extract<Abi[number], { type: "function" }>;

const functionWith = (abi: Abi, selector: string): AbiFunction | undefined =>
  abi.find((item): item is AbiFunction => item.type === "function" && toFunctionSelector(item) === selector);

function flatten(name: string, path: string, parameter: AbiParameter, value: unknown): ReadArgument[] {
  if ("components" in parameter && parameter.type === "tuple")
    return parameter.components.flatMap((part, i) =>
      flatten(name, `${path}.${part.name ?? ""}`, part, Array.isArray(value) ? value[i] : (value as Record<string, unknown>)[part.name ?? ""]));
  const meaning = meanings[`${name}.${path}`];
  return [{ name: path, value: plainly(value), meaning: meaning?.(value as never) }];
}

function plainly(value: unknown): string {
  if (Array.isArray(value)) return value.map(plainly).join(", ");
  if (typeof value === "object" && value !== null) return Object.values(value).map(plainly).join(", ");
  return String(value);
}
