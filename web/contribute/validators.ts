import { concat, isAddressEqual, keccak256, recoverAddress, stringToHex } from "viem";
import type { Address, Hex } from "viem";
import { isRecipient } from "./ticket-recipient.ts";

/** A validator as `GET /v1/dao` names it. */
export interface ValidatorInfo {
  readonly address: Address;
  readonly recipient?: string;
  readonly signature?: Hex;
}

/** A validator that published where its tickets go. */
export interface AbleValidator {
  readonly address: Address;
  readonly recipient: string;
}

/** True when the validator itself signed where its tickets go: that is not the node's to choose (docs/protocol.md §5). */
export async function hasValidRecipient(validator: ValidatorInfo, registry: Address): Promise<boolean> {
  if (!isRecipient(validator.recipient) || validator.signature === undefined) return false;
  const digest = keccak256(concat([stringToHex("commonhold-validator-recipient"), registry, stringToHex(validator.recipient)]));
  try {
    return isAddressEqual(await recoverAddress({ hash: digest, signature: validator.signature }), validator.address);
  } catch {
    return false;
  }
}

/** One of those who can take a ticket; any will do, and a random one spreads the work and what each of them sees. */
export async function chooseValidator(members: readonly ValidatorInfo[], registry: Address): Promise<AbleValidator | undefined> {
  const able: AbleValidator[] = [];
  for (const member of members)
    if (await hasValidRecipient(member, registry)) able.push({ address: member.address, recipient: member.recipient! });
  const [random] = crypto.getRandomValues(new Uint32Array(1));
  return able[random! % Math.max(1, able.length)];
}
