/**
 * Creates a DAO from this browser: eight deployments by a key that exists for nothing else.
 *
 * Guarantee: closed at any moment and opened again it ends with one DAO at the same addresses, because the plan and the key are kept here
 * before the first transaction and the account's nonce says how far it came. Trust: the node computes the deployments; what stands on
 * chain in the end is asked for what was typed, and the deed for the addresses. The key gets no power and is forgotten.
 */
import { getContractAddress, hexToBytes, keccak256, numberToHex, serializeTransaction, stringToBytes, type Address, type Hex } from "viem";
import { contributionRegistryAbi, dataDaoAbi, dataGovernorAbi, dataTokenAbi, guardianRegistryAbi, revenuePoolAbi, timelockControllerAbi } from "../chain/abi.ts";
import { chain, endpoint, waitUntilMined } from "../chain/index.ts";
import type { Rpc } from "../chain/rpc.ts";
import { signDigest } from "../keys/secrets.ts";
import { addressOfKey, type Creation } from "./key.ts";
import type { CreationPlan } from "./plan.ts";

/** Something that stands on chain is not what was typed. */
export class OtherDao extends Error {
  override readonly name = "OtherDao";
}

const transferGas = 60_000n;

/** The node's plan has to be for this key, and every address the one that the chain will give. */
export function checkPlan(plan: CreationPlan, deployer: Address): void {
  if (!same(plan.deployer, deployer) || plan.deployments.length !== 8) throw new OtherDao("The node's plan is for somebody else.");
  plan.deployments.forEach(({ contract, address }, nonce) => {
    if (!same(getContractAddress({ from: deployer, nonce: BigInt(nonce) }), address)) throw new OtherDao(`The node's plan has another address for ${contract} than the chain will give.`);
  });
}

export async function balanceOf(address: Address): Promise<bigint> {
  return chain().balance(address);
}

export async function blockNow(): Promise<number> {
  return Number(await (await endpoint()).quantity("eth_blockNumber"));
}

/** How many of the eight stand. */
export async function standing(address: Address): Promise<number> {
  return Number(await (await endpoint()).quantity("eth_getTransactionCount", address, "latest"));
}

/** Sends what is not sent yet, one after the other. @param progress hears how many stand. */
export async function deploy(creation: Creation, progress: (standing: number) => void): Promise<void> {
  const rpc = await endpoint();
  const from = addressOfKey(creation.key);
  const { deployments, chainId } = creation.plan;
  if (Number(await rpc.quantity("eth_chainId")) !== chainId) throw new OtherDao(`This creation began on chain ${chainId}, and the node's chain is another one.`);
  for (let nonce = await standing(from); nonce < deployments.length; nonce++) {
    progress(nonce);
    const { initCode, gasLimit } = deployments[nonce]!;
    await send(rpc, creation, nonce, undefined, initCode, 0n, BigInt(gasLimit));
  }
  progress(deployments.length);
}

/** Asks the finished contracts for everything that was typed. @throws OtherDao naming what differs. */
export async function check(plan: CreationPlan): Promise<void> {
  const { contracts, facts } = plan;
  const read = chain().read;
  for (const { contract, address } of plan.deployments)
    if ((await (await endpoint()).ask<Hex>("eth_getCode", address, "latest")) === "0x") throw new OtherDao(`${contract} does not stand at ${address}.`);
  const deed = await read({ address: contracts.dao, abi: dataDaoAbi }, "deed");
  const [guardians, epoch] = [{ address: contracts.guardians, abi: guardianRegistryAbi }, 1] as const;
  const registry = { address: contracts.registry, abi: contributionRegistryAbi };
  const pool = { address: contracts.pool, abi: revenuePoolAbi };
  const split = await read(pool, "splitAt", [await read(pool, "currentSplitId")]);
  const found: readonly [string, unknown, unknown][] = [
    ["timelock", deed.timelock, contracts.timelock], ["token", deed.token, contracts.token], ["governor", deed.governor, contracts.governor],
    ["guardian registry", deed.guardianRegistry, contracts.guardians], ["contribution registry", deed.contributionRegistry, contracts.registry],
    ["revenue pool", deed.revenuePool, contracts.pool], ["access market", deed.accessMarket, contracts.market],
    ["name", deed.nameDigest, keccak256(stringToBytes(facts.name))], ["kind of data", deed.schema, keccak256(stringToBytes(facts.schemaName))],
    ["token's symbol", await read({ address: contracts.token, abi: dataTokenAbi }, "symbol"), facts.symbol],
    ["guardians", list((await read(guardians, "epochAt", [epoch])).guardians), list(facts.guardians)],
    ["guardians' threshold", (await read(guardians, "epochAt", [epoch])).threshold, facts.guardianThreshold],
    ["validators", list(await read(registry, "validators")), list(facts.validators)], ["validators' threshold", await read(registry, "threshold"), facts.validatorThreshold],
    ["policy", await read(registry, "policyDigest"), facts.policyDigest],
    ["operators' share", split.operatorsBps, facts.operatorsBps], ["treasury's share", split.treasuryBps, facts.treasuryBps],
    ["voting period", await read({ address: contracts.governor, abi: dataGovernorAbi }, "votingPeriod"), facts.votingPeriod],
    ["wait after a vote", await read({ address: contracts.timelock, abi: timelockControllerAbi }, "getMinDelay"), facts.timelockDelay],
  ];
  for (const [what, stands, typed] of found)
    if (!same(String(stands), String(typed))) throw new OtherDao(`The ${what} on chain is ${String(stands)}; you asked for ${String(typed)}.`);
}

/** Sends what is left of the gas money on. @returns false when it would not pay for its own transfer. */
export async function refund(creation: Creation): Promise<boolean> {
  const rpc = await endpoint();
  const from = addressOfKey(creation.key);
  const { maxFeePerGas } = await fees(rpc);
  const rest = (await chain().balance(from)) - maxFeePerGas * transferGas;
  if (rest <= 0n) return false;
  await send(rpc, creation, await standing(from), creation.refundTo, "0x", rest, transferGas);
  return true;
}

async function send(rpc: Rpc, { key, plan }: Creation, nonce: number, to: Address | undefined, data: Hex, value: bigint, gas: bigint): Promise<void> {
  const unsigned = { type: "eip1559" as const, chainId: plan.chainId, nonce, gas, ...(to !== undefined && { to }), data, value, ...(await fees(rpc)) };
  const raw = serializeTransaction(unsigned, signDigest(keccak256(serializeTransaction(unsigned)), hexToBytes(key)));
  try {
    await rpc.ask<Hex>("eth_sendRawTransaction", raw);
  } catch (problem) {
    // A page that was closed after sending left the same transaction in the pool: then that one counts, and is waited for.
    if (Number(await rpc.quantity("eth_getTransactionCount", addressOfKey(key), "pending")) <= nonce) throw problem;
    return waitForNonce(rpc, addressOfKey(key), nonce);
  }
  await waitUntilMined(rpc, keccak256(raw));
}

async function waitForNonce(rpc: Rpc, address: Address, nonce: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (Number(await rpc.quantity("eth_getTransactionCount", address, "latest")) > nonce) return;
    await new Promise((resolve) => setTimeout(resolve, 600));
  }
  throw new Error("A transaction that was sent before is not mined yet. Come back later and go on.");
}

async function fees(rpc: Rpc): Promise<{ maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }> {
  const [tip, block] = await Promise.all([
    rpc.quantity("eth_maxPriorityFeePerGas").catch(() => 1_000_000_000n), rpc.ask<{ baseFeePerGas?: Hex }>("eth_getBlockByNumber", "latest", false),
  ]);
  return { maxFeePerGas: 2n * BigInt(block.baseFeePerGas ?? numberToHex(0)) + tip, maxPriorityFeePerGas: tip };
}

const list = (accounts: readonly string[]): string => accounts.join(" ").toLowerCase();

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
