import type { Address, Hex } from "viem";

/** `GET /v1/dao` as docs/protocol.md §5 has it: what the node says. `verifiedDao` is what the chain says. */
export interface DaoInfo {
  version: number;
  trial: boolean;
  name: string;
  chainId: number;
  chainTime: number;
  head: number;
  contracts: DaoContracts;
  dataset: { recipient: string | null; keyEpoch: number; active: boolean; schema: Hex; schemaName: string; policyDigest: Hex };
  guardians: { threshold: number; members: { index: number; address: Address; url?: string }[] };
  validators: { threshold: number; members: ValidatorInfo[] };
  batching: { maxCount: number; maxAgeSeconds: number };
  limits: { maxContributionBytes: number; relaysPerAccountAndDay: number };
  trialCurrency?: Address;
  /** The chain endpoint that browsers read and send through; without it nothing can be checked here. */
  publicRpc?: string;
}

export interface DaoContracts {
  dao: Address;
  token: Address;
  registry: Address;
  guardians: Address;
  pool: Address;
  market: Address;
  governor: Address;
  timelock: Address;
}

export interface ValidatorInfo {
  address: Address;
  recipient?: string;
  signature?: Hex;
}
