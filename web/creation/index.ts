/**
 * Creates a DAO from this browser: eight deployments by a key that exists for nothing else.
 *
 * Guarantee: closed at any moment and opened again it ends with one DAO at the same addresses, because the plan and the key are kept here
 * before the first transaction and the account's nonce says how far it came. Trust: the chain's endpoint. The node only carries: its settings
 * are held against what was typed (`typed.ts`), its code against the published digests (`build.ts`), and the finished contracts are asked again.
 * The key gets no power and is forgotten.
 */
import { hexToBytes, keccak256, serializeTransaction, type Address, type Hex } from "viem";
import { contributionRegistryAbi, dataDaoAbi, dataGovernorAbi, dataTokenAbi, guardianRegistryAbi, revenuePoolAbi, timelockControllerAbi } from "../chain/abi.ts";
import { requireBearable, suggestFees, type Fees } from "../chain/fees.ts";
import { chain, endpoint, waitUntilMined } from "../chain/index.ts";
import type { Rpc } from "../chain/rpc.ts";
import { signDigest } from "../keys/secrets.ts";
import { policyDigest, textDigest } from "./build.ts";
import { addressOfKey, type Creation } from "./key.ts";
import { OtherDao, type CreationPlan } from "./plan.ts";

const transferGas = 60_000n;

/** Wei that a creation may cost at the chain's prices of this moment, with a reserve of a third. @throws Error when no act here may cost as much. */
export async function priceOf({ deployments }: CreationPlan): Promise<bigint> {
  const fees = await suggestFees(await endpoint());
  const gas = deployments.map((each) => BigInt(each.gasLimit));
  for (const each of gas) requireBearable(each, fees);
  return (gas.reduce((sum, each) => sum + each, 0n) * fees.maxFeePerGas * 4n) / 3n;
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
    await send(rpc, creation, nonce, { data: initCode, gas: BigInt(gasLimit) }, await suggestFees(rpc));
  }
  progress(deployments.length);
}

/** Asks the finished contracts for everything that was typed. @throws OtherDao naming what differs. */
export async function check(plan: CreationPlan): Promise<void> {
  const { contracts, settings } = plan;
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
    ["name", deed.nameDigest, textDigest(settings.name)], ["kind of data", deed.schema, textDigest(settings.schemaName)],
    ["token's symbol", await read({ address: contracts.token, abi: dataTokenAbi }, "symbol"), settings.symbol],
    ["guardians", list((await read(guardians, "epochAt", [epoch])).guardians), list(settings.guardians)],
    ["guardians' threshold", (await read(guardians, "epochAt", [epoch])).threshold, settings.guardianThreshold],
    ["validators", list(await read(registry, "validators")), list(settings.validators)], ["validators' threshold", await read(registry, "threshold"), settings.validatorThreshold],
    ["policy", await read(registry, "policyDigest"), policyDigest(settings)],
    ["operators' share", split.operatorsBps, settings.split.operatorsBps], ["treasury's share", split.treasuryBps, settings.split.treasuryBps],
    ["voting period", await read({ address: contracts.governor, abi: dataGovernorAbi }, "votingPeriod"), settings.rules.votingPeriod],
    ["wait after a vote", await read({ address: contracts.timelock, abi: timelockControllerAbi }, "getMinDelay"), settings.rules.timelockDelay],
  ];
  for (const [what, stands, typed] of found)
    if (!same(String(stands), String(typed))) throw new OtherDao(`The ${what} on chain is ${String(stands)}; you asked for ${String(typed)}.`);
}

/** Sends what is left of the gas money on. @returns false when it would not pay for its own transfer. */
export async function refund(creation: Creation): Promise<boolean> {
  const rpc = await endpoint();
  const from = addressOfKey(creation.key);
  const fees = await suggestFees(rpc);
  const rest = (await chain().balance(from)) - fees.maxFeePerGas * transferGas;
  if (rest <= 0n) return false;
  await send(rpc, creation, await standing(from), { to: creation.refundTo, data: "0x", value: rest, gas: transferGas }, fees);
  return true;
}

interface Sending {
  /** Absent for a deployment. */
  readonly to?: Address;
  readonly data: Hex;
  readonly value?: bigint;
  readonly gas: bigint;
}

async function send(rpc: Rpc, { key, plan }: Creation, nonce: number, sending: Sending, fees: Fees): Promise<void> {
  requireBearable(sending.gas, fees);
  const unsigned = { type: "eip1559" as const, chainId: plan.chainId, nonce, value: 0n, ...sending, ...fees };
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

const list = (accounts: readonly string[]): string => accounts.join(" ").toLowerCase();

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
