import type { Address, Hex, TypedDataDefinition } from "viem";

export interface AccountRecord {
  address: Address;
  kind: "passkey" | "passphrase" | "wallet";
  /** `age1…`: who encrypts to it lets this account read. */
  recipient: string;
  /** Unix seconds. */
  createdAt: number;
  /** True once a backup of this account was opened again in this browser, or came from one. */
  backedUp: boolean;
}

/** Signs for one account while its key is open. Refuses after the act it was opened for. */
export interface Signer {
  address: Address;
  signTypedData(typedData: TypedDataDefinition): Promise<Hex>;
  /** EIP-191 version 0x45. */
  signMessage(text: string): Promise<Hex>;
  /** Sends, waits until it is mined, and gives the transaction's hash; a revert is thrown in plain words. */
  sendTransaction(transaction: { to: Address; data: Hex; value?: bigint }): Promise<Hex>;
}

/** The person closed the dialog, or refused in the wallet. Nothing happened. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";

  /** @param inWallet what was said of a refusal outside this page; who closed our own dialog knows it. */
  constructor(readonly inWallet?: string) {
    super(inWallet ?? "You cancelled. Nothing was signed and nothing was sent.");
  }
}

/** There is no account on this device; `/account` is where one is made. */
export class NoAccount extends Error {
  override readonly name = "NoAccount";

  constructor() {
    super("There is no account in this browser yet. Make one, or restore one, on the account page.");
  }
}
