import type { Address, Hex } from "viem";
import type { DaoContracts } from "../chain/dao.ts";

/** `GET /v1/creation/plan`: every transaction of a creation. */
export interface CreationPlan {
  readonly chainId: number;
  readonly deployer: Address;
  readonly name: string;
  readonly contracts: DaoContracts;
  /** Wei that it may cost, with a reserve. */
  readonly price: string;
  readonly deployments: readonly { readonly contract: string; readonly address: Address; readonly initCode: Hex; readonly gasLimit: number }[];
  /** What was typed, as the finished contracts have to say it. */
  readonly facts: {
    readonly name: string; readonly schemaName: string; readonly symbol: string; readonly policyDigest: Hex;
    readonly guardians: readonly Address[]; readonly guardianThreshold: number; readonly validators: readonly Address[]; readonly validatorThreshold: number;
    readonly operatorsBps: number; readonly treasuryBps: number; readonly votingPeriod: number; readonly timelockDelay: number;
  };
  /** dao.json but for its first block. */
  readonly daoFile: Readonly<Record<string, unknown>>;
}
