/** "I have an account already": a backup or a key file comes in, and is kept as this person wants it. */
import { el, replace } from "../../shared/dom.ts";
import { messageOf, painted } from "../dialog.ts";
import { restoreAccount } from "../manage.ts";
import { chosenFile, slot } from "./parts.ts";

export function showRestore(): void {
  const file = el("input", { type: "file", id: "restore-file", accept: ".age", required: true });
  const passphrase = el("input", { type: "password", id: "restore-passphrase", autocomplete: "current-password", required: true });
  const byPassphrase = el("input", { type: "radio", name: "lock", value: "passphrase", checked: true });
  const byPasskey = el("input", { type: "radio", name: "lock", value: "passkey" });
  const error = el("p", { class: "error", role: "alert" });
  const status = el("p", { class: "hint", role: "status" });
  const button = el("button", { type: "submit" }, "Restore account");
  const form = el("form", { class: "flow" },
    el("div", { class: "field" }, el("label", { for: file.id }, "Backup or key file"), file),
    el("div", { class: "field" }, el("label", { for: passphrase.id }, "Passphrase of the file"),
      el("p", { class: "hint" }, "A key that the command line made with --generate-passphrase has it beside the file, in me.age.passphrase."), passphrase),
    el("fieldset", {}, el("legend", {}, "From now on, open it in this browser with"),
      el("label", { class: "choice" }, byPassphrase, el("span", {}, el("strong", {}, "the same passphrase"), el("small", {}, "You type it each time."))),
      el("label", { class: "choice" }, byPasskey, el("span", {}, el("strong", {}, "a passkey"), el("small", {}, "You make one now, and confirm with it each time.")))),
    error, status, el("div", { class: "actions" }, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void (async () => {
      error.textContent = "";
      button.setAttribute("aria-busy", "true");
      status.textContent = "Opening the file. This takes a second or two, on purpose: it slows down whoever guesses.";
      try {
        const bytes = await chosenFile(file);
        await painted();
        await restoreAccount(bytes, passphrase.value, byPasskey.checked ? { kind: "passkey" } : { kind: "passphrase", passphrase: passphrase.value });
        location.reload();
      } catch (problem) {
        error.textContent = messageOf(problem);
      } finally {
        button.removeAttribute("aria-busy");
        status.textContent = "";
      }
    })();
  });
  replace(slot("restore"), form);
}
