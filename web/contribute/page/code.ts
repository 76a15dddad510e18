import { el } from "../../shared/dom.ts";
import { postOf } from "../proof.ts";
import type { CodeTask } from "../proof.ts";
import { actions, button, heading } from "./parts.ts";

/** Says which code goes where. `placed` is called once the member says that it is there, with the post where one had to be named. */
export function codeParts({ code, words, url, draft }: CodeTask, placed: (post: string | undefined) => void, discard: () => void): readonly Node[] {
  const copy = button("Copy the code", () => void navigator.clipboard.writeText(code).then(() => (copy.textContent = "Copied"), () => (copy.textContent = "Copying is not allowed here: select it")), "quiet");
  const input = el("input", { id: "proof-post", autocomplete: "off", spellcheck: "false" });
  const error = el("p", { class: "error", role: "alert" });
  const done = (): void => {
    if (draft === undefined) return placed(undefined);
    try {
      placed(postOf(input.value, url));
    } catch (problem) {
      const { detail, hint } = problem as { detail: string; hint: string };
      error.textContent = `${detail} ${hint}`;
      input.setAttribute("aria-invalid", "true");
      input.focus();
    }
  };
  return [
    heading("Put this code on your account"),
    el("p", {}, `Your file is encrypted, and nothing has been sent yet. Put this code, as it stands here, into ${words}:`),
    el("p", {}, el("code", { id: "account-code" }, code)),
    actions(copy),
    el("p", {}, "Leave it there until the verdict has come. After that you can take it away."),
    el("p", { class: "hint" }, "You can close this page and come back, even another day: it is the same code then. It is made for this file and your wallet, so it is of no use to anybody else, and nobody finds your wallet by it."),
    ...(draft === undefined ? [] : [el("div", { class: "field" }, el("label", { for: input.id }, "Where it stands: the post's address, or its id"), error, input)]),
    actions(button("The code is there: go on", done), button("Discard the file", discard, "danger")),
  ];
}
