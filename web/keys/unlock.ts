/** One act of the account: the dialog, the opening, the act, the wiping. */
import type { Address, Hex } from "viem";
import { endpoint, verifiedDao } from "../chain/index.ts";
import { sendTransaction as send } from "../chain/send.ts";
import { el } from "../shared/dom.ts";
import { WalletRefused, installedWallets, type Wallet } from "../wallet/index.ts";
import { Cancelled, NoAccount, type Signer } from "./account.ts";
import { Dialog, painted } from "./dialog.ts";
import type { KeyFile } from "./key-file.ts";
import { openSeal } from "./seal.ts";
import { signDigest, signMessage, signTypedData, wipe } from "./secrets.ts";
import { load, type StoredAccount } from "./store.ts";

/** Opens the keys for one act, in a dialog that says what for. */
export async function withKeys<T>(title: string, sentence: string, act: (keys: KeyFile, dialog: Dialog, stored: StoredAccount) => Promise<T>): Promise<T> {
  const stored = await required();
  return inDialog(title, sentence, stored, async (dialog) => {
    const keys = await unlock(dialog, stored);
    try {
      dialog.work("Working…");
      return await act(keys, dialog, stored);
    } finally {
      if (keys.kind === "member") wipe(keys.secrets.account);
    }
  });
}

/** As the account's own key or wallet signs. */
export async function withSignerOf<T>(title: string, sentence: string, act: (signer: Signer) => Promise<T>): Promise<T> {
  const stored = await required();
  if (stored.seal.kind === "wallet") return inDialog(title, sentence, stored, (dialog) => withWallet(dialog, stored, act));
  return withKeys(title, sentence, async (keys, dialog) => {
    if (keys.kind !== "member") throw new Error("This account has no key here.");
    const signer = new KeySigner(stored.address, keys.secrets.account, dialog);
    try {
      return await act(signer);
    } finally {
      signer.isOver = true;
    }
  });
}

async function required(): Promise<StoredAccount> {
  const stored = await load();
  if (stored === undefined) throw new NoAccount();
  return stored;
}

async function inDialog<T>(title: string, sentence: string, stored: StoredAccount, act: (dialog: Dialog) => Promise<T>): Promise<T> {
  const dialog = new Dialog(title, sentence, `With your account ${short(stored.address)}.`);
  try {
    return await act(dialog);
  } catch (problem) {
    throw problem instanceof WalletRefused ? new Cancelled(problem.message) : problem;
  } finally {
    dialog.end();
  }
}

function unlock(dialog: Dialog, stored: StoredAccount): Promise<KeyFile> {
  switch (stored.seal.kind) {
    case "passkey":
      return dialog.ask("Confirm with your passkey", [], () => openSeal(stored, ""));
    case "wallet":
      return dialog.ask("Confirm", [], () => openSeal(stored, ""));
    case "passphrase": {
      const input = el("input", { type: "password", id: "ask-passphrase", autocomplete: "current-password", required: true });
      const field = el("div", { class: "field" }, el("label", { for: "ask-passphrase" }, "Passphrase"), input);
      return dialog.ask("Confirm", [field], async () => {
        dialog.say("Opening your account. This takes a second or two, on purpose: it slows down whoever guesses.");
        await painted();
        try {
          return await openSeal(stored, input.value);
        } finally {
          dialog.say("");
        }
      });
    }
  }
}

async function withWallet<T>(dialog: Dialog, stored: StoredAccount, act: (signer: Signer) => Promise<T>): Promise<T> {
  const { seal } = stored;
  if (seal.kind !== "wallet") throw new Error("This account is not in a wallet.");
  const wallet = await dialog.ask(`Confirm in ${seal.name}`, [], async () => {
    const found = (await installedWallets()).find((each) => each.rdns === seal.rdns);
    if (found === undefined) throw new Error(`${seal.name} is not in this browser, or it is locked. Install or unlock it, reload the page and try again.`);
    const account = await found.connect();
    if (account !== stored.address) throw new Error(`${seal.name} shows the account ${short(account)}. Choose ${short(stored.address)} in it and try again.`);
    await found.useChainOf(await verifiedDao());
    return found;
  }, (problem) => problem instanceof WalletRefused);
  dialog.work(`Look at ${seal.name}: it shows what you are asked to sign.`);
  return act(new WalletSigner(stored.address, wallet, dialog));
}

class KeySigner implements Signer {
  isOver = false;

  constructor(readonly address: Address, private readonly key: Uint8Array, private readonly dialog: Dialog) {}

  signTypedData: Signer["signTypedData"] = async (typedData) => signTypedData(typedData, this.open());

  signMessage: Signer["signMessage"] = async (text) => signMessage(text, this.open());

  async sendTransaction(transaction: { to: Address; data: Hex; value?: bigint }): Promise<Hex> {
    this.open();
    this.dialog.say("Sending, and waiting until the chain has it…");
    const receipt = await send(await endpoint(), (await verifiedDao()).chainId, this.address, transaction, (digest) => signDigest(digest, this.open()));
    return receipt.transactionHash;
  }

  private open(): Uint8Array {
    if (this.isOver) throw new Error("This key was opened for another act and is closed again.");
    return this.key;
  }
}

class WalletSigner implements Signer {
  constructor(readonly address: Address, private readonly wallet: Wallet, private readonly dialog: Dialog) {}

  signTypedData: Signer["signTypedData"] = (typedData) => this.wallet.signTypedData(this.address, typedData);

  signMessage: Signer["signMessage"] = (text) => this.wallet.signMessage(this.address, text);

  async sendTransaction(transaction: { to: Address; data: Hex; value?: bigint }): Promise<Hex> {
    this.dialog.say(`Look at ${this.wallet.name}: it asks you to send. Then the page waits until the chain has it…`);
    return this.wallet.sendTransaction(this.address, transaction);
  }
}

const short = (address: Address) => `${address.slice(0, 6)}…${address.slice(-4)}`;
