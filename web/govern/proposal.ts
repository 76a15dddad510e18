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

/**
 * The text of a proposal that nobody but its proposer can make: the governor (OpenZeppelin `_isValidDescriptionForProposer`) refuses a text
 * that ends like this from any other account. Without it whoever sees a proposal on its way could make it first, and then cancel it.
 */
export const signedDescription = (words: string, proposer: `0x${string}`): string => `${words}\n\n#proposer=${proposer}`;

/** The words alone, without the mark of who may propose them: what pages show. */
export const wordsOf = (description: string): string =>
  /#proposer=0x[0-9a-fA-F]{40}$/.test(description) ? description.slice(0, -52).trimEnd() : description;
