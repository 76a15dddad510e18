import { encodeAbiParameters, hexToBigInt, keccak256, stringToBytes } from "viem";
import type { ProposalAction } from "./actions.ts";

/** `GET /v1/proposals/{id}` (docs/protocol.md §7). Nothing of it is believed before `checkProposal` held it against the chain. */
export interface ProposalView {
  readonly proposalId: string;
  readonly state: string;
  readonly proposer: `0x${string}`;
  readonly description: string;
  readonly sentences: readonly string[];
  readonly actions: readonly ProposalAction[];
  readonly voteStart: number;
  readonly voteEnd: number;
}

/** OpenZeppelin `hashProposal`: a proposal's number is a digest of its calls and its description, so whoever knows one cannot be shown another. */
export function proposalId(actions: readonly ProposalAction[], description: string): bigint {
  return hexToBigInt(keccak256(encodeAbiParameters(
    [{ type: "address[]" }, { type: "uint256[]" }, { type: "bytes[]" }, { type: "bytes32" }],
    [actions.map(({ target }) => target), actions.map(({ value }) => BigInt(value)), actions.map(({ calldata }) => calldata), descriptionHash(description)],
  )));
}

export const descriptionHash = (description: string): `0x${string}` => keccak256(stringToBytes(description));
