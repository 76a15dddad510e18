import type { Address, TypedDataDefinition } from "viem";

export interface Ballot {
  readonly chainId: number;
  readonly governor: Address;
  readonly proposalId: bigint;
  /** 0 against, 1 for, 2 abstain. */
  readonly support: number;
  readonly voter: Address;
  /** The voter's, from the governor. */
  readonly nonce: bigint;
  /** Said in public with the vote; empty for none. */
  readonly reason: string;
}

/** What a voter signs (EIP-712), as OpenZeppelin's Governor takes it: `Ballot`, or `ExtendedBallot` when a reason goes with it. */
export function ballotData({ chainId, governor, proposalId, support, voter, nonce, reason }: Ballot): TypedDataDefinition {
  const domain = { name: "DataGovernor", version: "1", chainId, verifyingContract: governor };
  const fields = [
    { name: "proposalId", type: "uint256" }, { name: "support", type: "uint8" }, { name: "voter", type: "address" }, { name: "nonce", type: "uint256" },
  ];
  const message = { proposalId, support, voter, nonce };
  return reason === ""
    ? { domain, types: { Ballot: fields }, primaryType: "Ballot", message }
    : {
      domain, types: { ExtendedBallot: [...fields, { name: "reason", type: "string" }, { name: "params", type: "bytes" }] },
      primaryType: "ExtendedBallot", message: { ...message, reason, params: "0x" },
    };
}

export interface DelegationMessage {
  readonly chainId: number;
  readonly token: Address;
  /** The token's name, which is its domain's too. */
  readonly name: string;
  readonly delegatee: Address;
  /** The delegator's, from the token. */
  readonly nonce: bigint;
  /** Chain time after which nobody can send it any more. */
  readonly expiry: bigint;
}

/** What an account signs to let another one vote with its tokens (OpenZeppelin's Votes, `delegateBySig`). */
export function delegationData({ chainId, token, name, delegatee, nonce, expiry }: DelegationMessage): TypedDataDefinition {
  return {
    domain: { name, version: "1", chainId, verifyingContract: token },
    types: { Delegation: [{ name: "delegatee", type: "address" }, { name: "nonce", type: "uint256" }, { name: "expiry", type: "uint256" }] },
    primaryType: "Delegation",
    message: { delegatee, nonce, expiry },
  };
}
