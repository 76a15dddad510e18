/**
 * The chain as this browser reads it, and the DAO held against it.
 *
 * Guarantee: what `verifiedDao` returns is what the contracts say, whatever the node said.
 * Trust: the chain endpoint that the node names for browsers (`publicRpc`), and the DAO's address at the first visit: it is
 * remembered, and another one is refused from then on. Not on chain, so the node's word: guardians' URLs, limits, the trial's currency.
 */
import type { DaoInfo } from "./dao.ts";
import { readerAt, type ChainReader } from "./reader.ts";
import { rememberDao, rememberedDao } from "./remembered.ts";
import { ChainUnavailable, Rpc } from "./rpc.ts";
import { ChainMismatch, holdAgainstChain } from "./verify.ts";
import { get } from "../shared/node.ts";

export type { DaoContracts, DaoInfo, ValidatorInfo } from "./dao.ts";
export type { ChainReader, Contract, Receipt } from "./reader.ts";
export { forgetRememberedDao, rememberedDao } from "./remembered.ts";
export { Reverted } from "./reverts.ts";
export { ChainUnavailable, RpcRefused } from "./rpc.ts";
export { sendTransaction, waitUntilMined } from "./send.ts";
export { ChainMismatch, recipientText, recover } from "./verify.ts";

/** `/v1/dao`, every field that matters held against the chain: deed, guardians, threshold, recipient, validators, policy digest, name. */
export interface VerifiedDao extends DaoInfo {
  /** Unix seconds, this browser's clock. */
  verifiedAt: number;
}

/** This address served another DAO before. Either it was made anew, or somebody serves a false one. */
export class OtherDao extends ChainMismatch {
  override readonly name = "OtherDao";
  override readonly code = "chain.other_dao";

  constructor(served: string, remembered: string) {
    super("the DAO itself", served, remembered,
      `This address served another DAO before (${remembered}; now ${served}). If nobody told you that it moved, do not go on. If you know why, forget the old one on the account page.`);
  }
}

const VALID_MS = 15_000;
let last: { at: number; dao: Promise<VerifiedDao> } | undefined;

/** @throws ChainMismatch naming the field, the node's value and the chain's value. */
export function verifiedDao(): Promise<VerifiedDao> {
  if (last === undefined || Date.now() - last.at > VALID_MS) {
    const dao = verify();
    last = { at: Date.now(), dao };
    dao.catch(() => (last = undefined));
  }
  return last.dao;
}

/** The same, read and compared now: for what cannot be taken back. */
export function verifiedDaoNow(): Promise<VerifiedDao> {
  last = undefined;
  return verifiedDao();
}

/** Reads through the endpoint that the node names for browsers. */
export function chain(): ChainReader {
  return (reader ??= readerAt(endpoint));
}

let reader: ChainReader | undefined;
let rpc: Promise<Rpc> | undefined;

/** The endpoint itself, for those who send. */
export function endpoint(): Promise<Rpc> {
  rpc ??= get<DaoInfo>("/v1/dao").then(rpcOf);
  rpc.catch(() => (rpc = undefined));
  return rpc;
}

async function verify(): Promise<VerifiedDao> {
  try {
    return await verifyOnce();
  } catch (problem) {
    // A vote may have changed the dataset between the node's answer and the chain's: what differs twice differs.
    if (problem instanceof ChainMismatch && !(problem instanceof OtherDao)) return await verifyOnce();
    throw problem;
  }
}

async function verifyOnce(): Promise<VerifiedDao> {
  const info = await get<DaoInfo>("/v1/dao");
  const remembered = rememberedDao();
  const { chainId, contracts: { dao } } = info;
  if (remembered !== undefined && (remembered.dao !== dao || remembered.chainId !== chainId)) {
    throw new OtherDao(`${dao} on chain ${chainId}`, `${remembered.dao} on chain ${remembered.chainId}`);
  }
  await holdAgainstChain(info, rpcOf(info));
  rememberDao({ chainId, dao });
  return { ...info, verifiedAt: Math.floor(Date.now() / 1000) };
}

function rpcOf({ publicRpc }: DaoInfo): Rpc {
  if (publicRpc === undefined) throw new ChainUnavailable(undefined);
  return new Rpc(publicRpc);
}
