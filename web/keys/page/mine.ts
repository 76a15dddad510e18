/** The account that is here: what it is, whether one could get it back, and what can be done with it. */
import { el, replace } from "../../shared/dom.ts";
import { ago, moment, units } from "../../shared/format.ts";
import { get, post, relayed } from "../../shared/node.ts";
import { chain, type DaoInfo } from "../../chain/index.ts";
import type { AccountRecord } from "../account.ts";
import { Dialog } from "../dialog.ts";
import { forgetAccount, signInHere } from "../manage.ts";
import { signOut } from "../session.ts";
import type { StoredAccount } from "../store.ts";
import { backupPanel } from "./backup.ts";
import { action, goOn, notice } from "./parts.ts";

const HELD: Record<AccountRecord["kind"], string> = {
  passkey: "A passkey: your fingerprint, face or PIN opens it",
  passphrase: "A passphrase that you type",
  wallet: "",
};

export function showMine(section: HTMLElement, stored: StoredAccount): void {
  const signedIn = document.getElementById("signed-in")?.dataset["address"];
  replace(section,
    el("h2", { id: "mine-title" }, "Your account in this browser"),
    sessionNotice(stored, signedIn),
    el("dl", { class: "facts" },
      fact("Account", copyable(stored.address, "your account's address"), el("p", { class: "hint" }, "Your public name: what others see of you, vote for and pay.")),
      fact("Reading key", copyable(stored.recipient, "your public reading key"), el("p", { class: "hint" }, "What is sealed to it, only you can open.")),
      fact("Opens with", stored.seal.kind === "wallet" ? `${stored.seal.name} signs; the reading key is kept in this browser` : HELD[stored.kind]),
      fact("In this browser since", el("time", { datetime: new Date(stored.createdAt * 1000).toISOString(), title: moment(stored.createdAt) }, ago(stored.createdAt)))),
    ...backupPanel(stored),
    trialPanel(stored),
    el("h3", {}, "Leave"),
    el("p", {}, "Forgetting removes the keys from this browser only. The account itself, its contributions and its money stay what they are, and your backup brings it back."),
    action("Forget this account on this device", () => forget(stored), "danger"));
}

function sessionNotice(stored: StoredAccount, signedIn: string | undefined): HTMLElement | false {
  if (signedIn === stored.address) return false;
  const other = signedIn !== undefined;
  return notice("info", other ? "You are signed in with another account" : "You are not signed in",
    el("p", {}, other ? `You are signed in as ${signedIn}, but this browser holds the account below.` : "Sign in, and pages show what is yours. It moves nothing and costs nothing."),
    action(other ? "Sign in with this account" : "Sign in", async () => {
      await signInHere();
      goOn();
    }));
}

/** On a trial, money and gas are for the asking. */
function trialPanel(stored: StoredAccount): HTMLElement {
  const panel = el("div", { class: "card sunken", hidden: true });
  const balance = el("p", { role: "status" });
  void (async () => {
    const dao = await get<DaoInfo>("/v1/dao");
    if (!dao.trial) return;
    const tell = async () => (balance.textContent = `This account has ${units(await chain().balance(stored.address), 18)} of the chain's own currency, which pays for transactions (only buyers and those who propose need it).`);
    replace(panel, el("h3", {}, "Trial money"), balance, action("Get trial money", async () => {
      const { ids } = await post<{ ids: string[] }>("/v1/trial/faucet", { account: stored.address });
      for (const id of ids) await relayed(id);
      await tell();
    }, "quiet"));
    panel.hidden = false;
    await tell();
  })().catch(() => undefined); // Without the chain there is nothing to show here; the page says so at its top.
  return panel;
}

async function forget(stored: StoredAccount): Promise<void> {
  const dialog = new Dialog("Forget this account on this device?",
    stored.backedUp ? "You have proved that your backup works. Without that file, or without its passphrase, nobody can bring the account back."
      : "You have no backup that was proved to work. If you go on, nobody can ever bring this account back: not you, not this site.",
    `The account is ${stored.address}.`);
  const sure = el("input", { type: "checkbox", id: "forget-sure" });
  try {
    await dialog.ask("Forget it", [el("label", { class: "choice" }, sure, el("span", {}, el("strong", {}, stored.backedUp ? "I have the backup and its passphrase" : "I understand that it is lost for ever")))], async () => {
      if (!sure.checked) throw new Error("Tick the box if you are sure.");
      await signOut();
      await forgetAccount();
    });
  } finally {
    dialog.end();
  }
  location.reload();
}

const fact = (name: string, ...values: readonly (Node | string)[]): HTMLElement => el("div", {}, el("dt", {}, name), el("dd", {}, ...values));

function copyable(text: string, what: string): HTMLElement {
  const button = el("button", { type: "button", class: "copy", "aria-label": `Copy ${what}` }, "Copy");
  button.addEventListener("click", () => void navigator.clipboard.writeText(text).then(() => (button.textContent = "Copied"), () => (button.textContent = "Not allowed")));
  return el("span", { class: "account whole" }, text, button);
}
