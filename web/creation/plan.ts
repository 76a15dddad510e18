import type { Address, Hex } from "viem";
import type { DaoContracts } from "../chain/dao.ts";

/** `GET /v1/creation`: what the node has of a draft. Nothing of it is believed: the settings are held against what was typed, the code against its digests. */
export interface CreationParts {
  readonly chainId: number;
  readonly settings: DaoSettings;
  /** The eight creation codes, without arguments. */
  readonly codes: readonly { readonly contract: string; readonly code: Hex }[];
}

/** As `dao.json` and the settings file have it. */
export interface DaoSettings {
  readonly name: string;
  readonly symbol: string;
  readonly schemaName: string;
  readonly guardians: readonly Address[];
  readonly guardianThreshold: number;
  readonly validators: readonly Address[];
  readonly validatorThreshold: number;
  readonly rules: {
    readonly votingDelay: number; readonly votingPeriod: number; readonly lateQuorumExtension: number; readonly proposalThresholdBps: number;
    readonly quorumPercent: number; readonly quorumFloor: string; readonly timelockDelay: number;
  };
  readonly trial: boolean;
  /** Points. */
  readonly dailyLimit: string;
  readonly split: { readonly operatorsBps: number; readonly treasuryBps: number; readonly operators?: Address; readonly treasury?: Address };
  readonly founder?: { readonly account: Address; readonly units: string };
  /** The document in base64. */
  readonly policy: string;
  readonly metadataDigest: Hex;
}

/** Every transaction of a creation, made in this browser (`build.ts`). */
export interface CreationPlan {
  readonly chainId: number;
  readonly contracts: DaoContracts;
  readonly deployments: readonly { readonly contract: string; readonly address: Address; readonly initCode: Hex; readonly gasLimit: number }[];
  readonly settings: DaoSettings;
}

/** What was to be created, or stands on chain, is not what was typed or published. */
export class OtherDao extends Error {
  override readonly name = "OtherDao";
}
