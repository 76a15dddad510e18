import { el, replace } from "../../shared/dom.ts";
import { Cancelled } from "../account.ts";
import { messageOf } from "../dialog.ts";

export const notice = (kind: "info" | "good" | "warn" | "bad", title: string, ...children: readonly (Node | string | false)[]): HTMLElement =>
  el("div", { class: `notice ${kind}` }, el("strong", {}, title), ...children);

export const slot = (name: string): HTMLElement => document.querySelector<HTMLElement>(`[data-slot="${name}"]`)!;

/** A button that does something that takes a while and may fail, with its own line for what went wrong. */
export function action(label: string, act: () => Promise<void>, kind = ""): HTMLElement {
  const error = el("p", { class: "error", role: "alert" });
  const button = el("button", { type: "button", class: kind }, label);
  button.addEventListener("click", () => void (async () => {
    if (button.getAttribute("aria-busy") === "true") return;
    replace(error);
    button.setAttribute("aria-busy", "true");
    try {
      await act();
    } catch (problem) {
      if (!(problem instanceof Cancelled) || problem.inWallet !== undefined) error.textContent = messageOf(problem);
    } finally {
      button.removeAttribute("aria-busy");
    }
  })());
  return el("div", { class: "flow" }, el("div", { class: "actions" }, button), error);
}

export async function chosenFile(input: HTMLInputElement): Promise<Uint8Array> {
  const file = input.files?.[0];
  if (file === undefined) throw new Error("Choose the file first.");
  if (file.size > 1 << 20) throw new Error("This file is far too large for a key file.");
  return new Uint8Array(await file.arrayBuffer());
}

/** Gives the bytes to the browser as a file to keep. */
export function download(name: string, bytes: Uint8Array): void {
  const address = URL.createObjectURL(new Blob([bytes as BlobPart], { type: "application/octet-stream" }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Where the person came from, if that was a page of this node; otherwise here. */
export function goOn(): void {
  const next = new URLSearchParams(location.search).get("next") ?? "/account";
  const address = new URL(next, location.origin);
  location.assign(address.origin === location.origin ? address.href : "/account");
}
