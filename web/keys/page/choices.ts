/** "How do you want to hold your account?": the controls of the three cards. */
import { el, replace } from "../../shared/dom.ts";
import { installedWallets, WalletRefused } from "../../wallet/index.ts";
import { Dialog, painted } from "../dialog.ts";
import { createAccount, createWithWallet } from "../manage.ts";
import { passphraseFields } from "../passphrase.ts";
import { isPasskeyPossible } from "../passkey.ts";
import { action, slot } from "./parts.ts";

export function showChoices(): void {
  void showPasskey();
  replace(slot("passphrase"), action("Create with a passphrase", createWithPassphrase, "quiet"));
  void showWallets();
}

async function showPasskey(): Promise<void> {
  const possible = await isPasskeyPossible();
  replace(slot("passkey"),
    possible === false && el("p", { class: "hint" }, "This browser or device says that it cannot lock keys with a passkey (it lacks an extension called PRF). A passphrase is as safe, if it is a good one."),
    action("Create with a passkey", async () => {
      await createAccount({ kind: "passkey" });
      location.reload();
    }, possible === false ? "quiet" : ""));
}

async function createWithPassphrase(): Promise<void> {
  const dialog = new Dialog("Create with a passphrase", "Choose the words that open your account in this browser.", "Nobody can reset them. You can change them later by restoring your backup.");
  const fields = passphraseFields("new", "Passphrase");
  try {
    await dialog.ask("Create account", fields.nodes, async () => {
      const passphrase = fields.value();
      dialog.say("Making your keys and sealing them. This takes a second or two, on purpose.");
      await painted();
      await createAccount({ kind: "passphrase", passphrase });
    });
  } finally {
    dialog.end();
  }
  location.reload();
}

async function showWallets(): Promise<void> {
  const wallets = await installedWallets();
  if (wallets.length === 0) {
    replace(slot("wallet"), el("p", { class: "hint" }, "No wallet was found in this browser. Install one and reload this page, or choose another way."),
      action("Look again", showWallets, "quiet small"));
    return;
  }
  replace(slot("wallet"), ...wallets.map((wallet) => action(`Connect ${wallet.name}`, async () => {
    try {
      await createWithWallet(wallet);
    } catch (problem) {
      throw problem instanceof WalletRefused ? new Error(problem.message) : problem;
    }
    location.reload();
  }, "quiet")));
}
