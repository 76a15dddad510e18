/**
 * Makes the eight deployments of a DAO: known code, and arguments that are encoded here.
 *
 * Guarantee: whatever the node answered, an init code that this makes is code of docs/contract-digests.md followed by the settings that it was
 * given, with the gas that follows from their lengths. `DaoPlan.cs` makes the same, byte for byte.
 */
import {
  concatHex, encodeAbiParameters, getContractAddress, keccak256, sha256, size, stringToBytes, zeroAddress, type AbiParameter, type Address, type Hex,
} from "viem";
import type { DaoContracts } from "../chain/dao.ts";
import { createdContracts } from "./contracts.ts";
import { OtherDao, type CreationParts, type CreationPlan, type DaoSettings } from "./plan.ts";

type Contract = (typeof createdContracts)[number]["contract"];

/** @throws OtherDao naming the contract whose code is not the published one. */
export function buildPlan({ chainId, settings, codes }: CreationParts, deployer: Address): CreationPlan {
  const at = (nonce: number): Address => getContractAddress({ from: deployer, nonce: BigInt(nonce) });
  const contracts: DaoContracts = { dao: at(7), token: at(1), registry: at(4), guardians: at(3), pool: at(5), market: at(6), governor: at(2), timelock: at(0) };
  const given = argumentsOf(settings, contracts);
  const deployments = createdContracts.map(({ contract, digest, runtimeBytes, takes }, nonce) => {
    const code = codes.find((each) => each.contract === contract)?.code;
    if (code === undefined) throw new OtherDao(`The node has no code of ${contract}. Nothing was sent.`);
    if (keccak256(code) !== digest) throw new OtherDao(`The node's code of ${contract} is not the published one: its digest is ${keccak256(code)}, and it must be ${digest}. Nothing was sent.`);
    const initCode = concatHex([code, encodeAbiParameters(takes as readonly AbiParameter[], given[contract])]);
    return { contract, address: at(nonce), initCode, gasLimit: gasLimit(runtimeBytes, size(initCode)) };
  });
  return { chainId, contracts, deployments, settings };
}

/** More than a deployment can take: deposit (200 a byte), init code and calldata, and what constructors store. */
export const gasLimit = (runtimeBytes: number, initBytes: number): number => 2_000_000 + 200 * runtimeBytes + 40 * initBytes;

export const policyBytes = ({ policy }: DaoSettings): Uint8Array => Uint8Array.from(atob(policy), (byte) => byte.charCodeAt(0));

export const policyDigest = (settings: DaoSettings): Hex => sha256(policyBytes(settings));

export const textDigest = (text: string): Hex => keccak256(stringToBytes(text));

function argumentsOf(s: DaoSettings, at: DaoContracts): Record<Contract, readonly unknown[]> {
  const { rules, split } = s;
  return {
    // Proposer and canceller: the governor. Executor: the zero address, that is anyone. Admin: nobody but the timelock itself.
    TimelockController: [BigInt(rules.timelockDelay), [at.governor], [zeroAddress], zeroAddress],
    DataToken: [s.name, s.symbol, at.registry, s.founder?.account ?? zeroAddress, BigInt(s.founder?.units ?? 0)],
    DataGovernor: [at.token, at.timelock, { ...rules, quorumFloor: BigInt(rules.quorumFloor), proposalThresholdBps: BigInt(rules.proposalThresholdBps), quorumPercent: BigInt(rules.quorumPercent) }],
    GuardianRegistry: [at.timelock, s.guardians, BigInt(s.guardianThreshold)],
    ContributionRegistry: [at.timelock, at.token, s.validators, BigInt(s.validatorThreshold), BigInt(s.dailyLimit), policyDigest(s)],
    RevenuePool: [at.timelock, at.token, { ...split, operators: split.operators ?? at.timelock, treasury: split.treasury ?? at.timelock }],
    AccessMarket: [at.timelock, at.registry, at.pool],
    DataDao: [{
      timelock: at.timelock, token: at.token, governor: at.governor, guardianRegistry: at.guardians, contributionRegistry: at.registry, revenuePool: at.pool,
      accessMarket: at.market, schema: textDigest(s.schemaName), nameDigest: textDigest(s.name), metadataDigest: s.metadataDigest,
    }],
  };
}
