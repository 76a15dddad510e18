/** Holds what the node says of its DAO against the contracts, at one block. */
import { bech32 } from "@scure/base";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import {
  concatHex, decodeFunctionResult, encodeFunctionData, getAddress, hexToBytes, keccak256, stringToHex, toHex, type Abi, type Address, type Hex,
} from "viem";
import { publicKeyToAddress } from "viem/utils";
import { contributionRegistryAbi, dataDaoAbi, guardianRegistryAbi } from "./abi.ts";
import type { DaoInfo, ValidatorInfo } from "./dao.ts";
import type { Contract } from "./reader.ts";
import type { Rpc } from "./rpc.ts";

/** The node says one thing and the chain another. Nothing may be signed, encrypted or paid on the node's word. */
export class ChainMismatch extends Error {
  override readonly name: string = "ChainMismatch";
  readonly code: string = "chain.mismatch";

  constructor(readonly field: string, readonly serverValue: string, readonly chainValue: string, message?: string) {
    super(message ?? `The node and the chain disagree on ${field}: the node says ${serverValue}, the chain says ${chainValue}.`);
  }
}

interface Deed {
  timelock: Address; token: Address; governor: Address; guardianRegistry: Address; contributionRegistry: Address; revenuePool: Address;
  accessMarket: Address; schema: Hex; nameDigest: Hex; metadataDigest: Hex;
}

interface Epoch {
  threshold: number; guardians: readonly Address[]; recipient: Hex;
}

/** @throws ChainMismatch for the first field that differs. */
export async function holdAgainstChain(info: DaoInfo, rpc: Rpc): Promise<void> {
  const chainId = Number(await rpc.quantity("eth_chainId"));
  same("the chain", info.chainId, chainId);
  const block = await rpc.ask<Hex>("eth_blockNumber");
  const deed = (await readAll(rpc, block, [[{ address: info.contracts.dao, abi: dataDaoAbi }, "deed"]]))[0] as Deed;
  holdDeed(info, deed);

  const registry = { address: deed.contributionRegistry, abi: contributionRegistryAbi };
  const guardians = { address: deed.guardianRegistry, abi: guardianRegistryAbi };
  const [validators, threshold, policyDigest, active, latest] = (await readAll(rpc, block, [
    [registry, "validators"], [registry, "threshold"], [registry, "policyDigest"], [guardians, "activeEpoch"], [guardians, "latestEpoch"],
  ])) as [Address[], bigint, Hex, number, number];
  same("the policy", info.dataset.policyDigest, policyDigest);
  same("how many validators sign a batch", info.validators.threshold, Number(threshold));
  same("the validators", list(info.validators.members.map((member) => member.address)), list(validators));
  info.validators.members.forEach((member) => holdValidatorRecipient(member, deed.contributionRegistry));

  same("whether the dataset has a key", info.dataset.active, active !== 0);
  same("the dataset's key epoch", info.dataset.keyEpoch, active);
  const shown = active === 0 ? latest : active;
  const [epoch] = shown === 0 ? [] : ((await readAll(rpc, block, [[guardians, "epochAt", [shown]]])) as [Epoch]);
  same("how many guardians open a file", info.guardians.threshold, epoch?.threshold ?? 0);
  same("the guardians", list(info.guardians.members.map((member) => member.address)), list(epoch?.guardians ?? []));
  same("the order of the guardians", info.guardians.members.map((member) => member.index).join(), (epoch?.guardians ?? []).map((_, i) => i + 1).join());
  same("the dataset's recipient", info.dataset.recipient ?? "none", active === 0 || epoch === undefined ? "none" : recipientText(epoch.recipient));
}

function holdDeed(info: DaoInfo, deed: Deed): void {
  sameText("the DAO's name", info.name, deed.nameDigest);
  same("the dataset's schema", info.dataset.schema, deed.schema);
  sameText("the schema's name", info.dataset.schemaName, deed.schema);
  const { contracts } = info;
  same("the token", contracts.token, deed.token);
  same("the registry of contributions", contracts.registry, deed.contributionRegistry);
  same("the registry of guardians", contracts.guardians, deed.guardianRegistry);
  same("the revenue pool", contracts.pool, deed.revenuePool);
  same("the market", contracts.market, deed.accessMarket);
  same("the governor", contracts.governor, deed.governor);
  same("the timelock", contracts.timelock, deed.timelock);
}

/** The recipient that tickets are sealed to is the validator's own word: protocol.md §5. */
function holdValidatorRecipient({ address, recipient, signature }: ValidatorInfo, registry: Address): void {
  if (recipient === undefined) return;
  const field = `where tickets for validator ${address} go`;
  if (signature === undefined) throw new ChainMismatch(field, recipient, "nothing that the validator signed");
  const digest = keccak256(concatHex([stringToHex("commonhold-validator-recipient"), registry, stringToHex(recipient)]));
  same(field, address, recover(digest, signature));
}

/** Who signed a digest; `none` for what is no signature. */
export function recover(digest: Hex, signature: Hex): Address | "none" {
  const bytes = hexToBytes(signature);
  const v = bytes[64];
  if (bytes.length !== 65 || (v !== 27 && v !== 28)) return "none";
  try {
    const point = secp256k1.Signature.fromBytes(bytes.subarray(0, 64), "compact").addRecoveryBit(v - 27).recoverPublicKey(hexToBytes(digest));
    return publicKeyToAddress(toHex(point.toBytes(false)));
  } catch {
    return "none";
  }
}

/** An X25519 key as age writes it. */
export const recipientText = (key: Hex): string => bech32.encodeFromBytes("age", hexToBytes(key));

type Read = readonly [contract: Contract<Abi>, functionName: string, args?: readonly unknown[]];

const list = (addresses: readonly Address[]) => addresses.map((address) => getAddress(address)).join(", ") || "none";

function same(field: string, server: string | number | boolean, chain: string | number | boolean): void {
  const isHex = typeof server === "string" && server.startsWith("0x");
  const equal = isHex ? server.toLowerCase() === String(chain).toLowerCase() : server === chain;
  if (!equal) throw new ChainMismatch(field, String(server), String(chain));
}

/** Of texts the chain holds the digest. */
function sameText(field: string, server: string, digest: Hex): void {
  if (keccak256(stringToHex(server)) !== digest) throw new ChainMismatch(field, `“${server}”`, `another one, whose digest is ${digest}`);
}

async function readAll(rpc: Rpc, block: Hex, reads: readonly Read[]): Promise<unknown[]> {
  const calls = reads.map(([{ abi }, functionName, args = []]) => ({ abi, functionName, args }));
  const answers = await rpc.askAll(reads.map(([{ address }], i) => ({
    method: "eth_call", params: [{ to: address, data: encodeFunctionData(calls[i] as never) }, block],
  })));
  return answers.map((data, i) => {
    if (data === "0x") throw new ChainMismatch(`the contract at ${reads[i]![0].address}`, "a contract of this DAO", "no such contract");
    return decodeFunctionResult({ ...calls[i], data } as never);
  });
}
