/** The backup: a file, and the proof that it opens. An account counts as backed up only after the proof. */
import { el } from "../../shared/dom.ts";
import { Dialog, messageOf, painted } from "../dialog.ts";
import { makeBackup, proveBackup } from "../manage.ts";
import { passphraseFields } from "../passphrase.ts";
import type { StoredAccount } from "../store.ts";
import { action, chosenFile, download, notice } from "./parts.ts";

export function backupPanel(stored: StoredAccount): Node[] {
  const said = el("p", { role: "status" });
  const reading = stored.kind === "wallet" ? "Your wallet keeps the key that signs. The key that opens your files is only in this browser: if it is lost, your own files stay shut for ever." : "If this device is lost, or its browser's data are cleared, the account is lost with it.";
  return [
    el("h3", { id: "backup" }, "Backup"),
    stored.backedUp
      ? notice("good", "Backed up", el("p", {}, "You have shown that your backup file opens. Keep it where this device is not."))
      : notice("warn", "Not backed up yet", el("p", {}, reading)),
    el("ol", { class: "steps" },
      el("li", { "data-state": stored.backedUp ? "done" : "now" }, el("div", { class: "flow" },
        el("p", {}, el("strong", {}, "Make the file. "), stored.kind === "passphrase" ? "It is sealed with the passphrase of this account." : "You choose a passphrase for it."),
        action("Download backup", () => downloadBackup(stored, said), stored.backedUp ? "quiet" : ""), said)),
      el("li", { "data-state": stored.backedUp ? "done" : "now" }, el("div", { class: "flow" },
        el("p", {}, el("strong", {}, "Prove that it works. "), "Choose the file that you have just kept: it is opened here, and has to be this account."),
        proof(stored)))),
  ];
}

async function downloadBackup(stored: StoredAccount, said: HTMLElement): Promise<void> {
  const backup = await makeBackup(stored.kind === "passphrase" ? undefined : await choosePassphrase());
  download(backup.name, backup.bytes);
  said.textContent = `Your browser saves ${backup.name}. Move a copy to another device or a stick. Whoever has the file still needs the passphrase.`;
}

async function choosePassphrase(): Promise<string> {
  const dialog = new Dialog("A passphrase for the backup", "The file opens with this passphrase on any device, so choose one that nobody guesses.", "Write it down. Without it the backup is worth nothing.");
  const fields = passphraseFields("backup", "Passphrase of the backup");
  try {
    return await dialog.ask("Go on", fields.nodes, async () => fields.value());
  } finally {
    dialog.end();
  }
}

function proof(stored: StoredAccount): HTMLElement {
  const file = el("input", { type: "file", id: "proof-file", accept: ".age", required: true });
  const passphrase = el("input", { type: "password", id: "proof-passphrase", autocomplete: "off", required: true });
  const error = el("p", { class: "error", role: "alert" });
  const status = el("p", { class: "hint", role: "status" });
  const form = el("form", { class: "flow" },
    el("div", { class: "field" }, el("label", { for: file.id }, "Backup file"), file),
    el("div", { class: "field" }, el("label", { for: passphrase.id }, stored.kind === "passphrase" ? "Passphrase of this account" : "Passphrase of the backup"), passphrase),
    error, status, el("div", { class: "actions" }, el("button", { type: "submit", class: "quiet" }, "Check the backup")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void (async () => {
      error.textContent = "";
      status.textContent = "Opening it…";
      try {
        const bytes = await chosenFile(file);
        await painted();
        await proveBackup(bytes, passphrase.value);
        location.reload();
      } catch (problem) {
        error.textContent = messageOf(problem);
        status.textContent = "";
      }
    })();
  });
  return stored.backedUp ? el("details", {}, el("summary", {}, "Check a backup again"), form) : form;
}
