/** My data: what a member does with what they contributed. Every act asks for the key, which never leaves the browser. */
import { isAddressEqual } from "viem";
import type { Hex } from "viem";
import { verifiedDao } from "../chain/index.ts";
import { currentAccount, withIdentity } from "../keys/index.ts";
import { byId, el, replace } from "../shared/dom.ts";
import { bytes } from "../shared/format.ts";
import { refreshNow } from "../shared/live.ts";
import { holdOpened } from "../shared/opened.ts";
import { Problem } from "../shared/node.ts";
import { checksOf } from "../contribute/page/verdict.ts";
import { chainFacts } from "../contribute/page/chain-facts.ts";
import { explain } from "../contribute/page/explanation.ts";
import { FileWorker, Stopped } from "../contribute/page/file-worker.ts";
import { findUnfinished, receiptOf, registryOf, statusOf } from "../contribute/page/flow.ts";
import { actions, button, notice, save } from "../contribute/page/parts.ts";
import { ProgressPanel } from "../contribute/page/progress.ts";
import { provenPlace, withdraw } from "../contribute/page/withdraw.ts";
import { wordsOf } from "../contribute/page/words.ts";
import type { ContributionStatus } from "../contribute/report.ts";
import { plaintexts } from "../contribute/storage.ts";

type Act = (digest: Hex, panel: Panel) => Promise<void>;

/** Where an act shows itself: a dialog, which a refreshed page does not take away. It opens when there is something to show, so that it
 *  never stands in front of the one that asks for the key. */
class Panel {
  readonly #title: string;
  readonly #content = el("div", { class: "flow", "aria-live": "polite" });
  #dialog: HTMLDialogElement | undefined;

  constructor(title: string) {
    this.#title = title;
  }

  show(...children: readonly (Node | string | undefined)[]): void {
    replace(this.#content, ...children);
    if (this.#dialog !== undefined) return;
    const dialog = el("dialog", { "aria-labelledby": "my-act" }, el("h2", { id: "my-act" }, this.#title), this.#content, actions(button("Close", () => dialog.close(), "quiet")));
    dialog.addEventListener("close", () => {
      worker.stop();
      this.hide();
    });
    document.body.append(dialog);
    dialog.showModal();
    this.#dialog = dialog;
  }

  hide(): void {
    this.#dialog?.remove();
    this.#dialog = undefined;
  }
}

const worker = new FileWorker();
const fileName = (digest: Hex): string => digest.slice(2, 14);

const acts: Readonly<Record<string, readonly [title: string, act: Act]>> = {
  open: ["Download and decrypt", open],
  explain: ["What each part earned", async (digest, panel) => panel.show(await explain(await status(digest)))],
  receipt: ["The receipt", receipt],
  withdraw: ["Withdraw this contribution", confirmWithdrawal],
};

document.addEventListener("click", ({ target }) => {
  const pressed = target instanceof Element ? target.closest<HTMLElement>("[data-digest] [data-act]") : null;
  const digest = pressed?.closest<HTMLElement>("[data-digest]")?.dataset["digest"] as Hex | undefined;
  const chosen = acts[pressed?.dataset["act"] ?? ""];
  if (digest !== undefined && chosen !== undefined) void run(digest, ...chosen);
});

async function run(digest: Hex, title: string, act: Act): Promise<void> {
  const panel = new Panel(title);
  try {
    await act(digest, panel);
  } catch (error) {
    if (error instanceof Stopped || (error as Error).name === "Cancelled") return panel.hide();
    const { code, detail, hint } = wordsOf(error);
    panel.show(notice("bad", detail, hint !== "" && el("p", {}, hint), el("p", { class: "hint" }, "The code of this refusal is ", el("code", {}, code), ".")));
  }
}

const status = (digest: Hex): Promise<ContributionStatus> => statusOf({ ciphertextDigest: digest });

/** Files that this tab decrypted, which are its own to remove. */
const decrypted = new Set<string>();
let held: Promise<void> | undefined;

async function open(digest: Hex, panel: Panel): Promise<void> {
  const isProven = await isOnChainAsOwn(digest);
  await (held ??= holdOpened());
  const progress = new ProgressPanel("Downloading and decrypting");
  // Begun with the key and not awaited there: the key's dialog closes as soon as the worker has it.
  const { opening } = await withIdentity("Decrypt your own contribution on this computer.", async (identity) => (
    { opening: worker.open({ digest, identity }, { progress: (done, total) => progress.show(done, total) }) }));
  panel.show(progress.element);
  const { name } = await opening;
  decrypted.add(name);
  const file = await plaintexts.find(name);
  if (file === undefined) throw new Error("The browser has cleared the decrypted file away.");
  const saved = el("div", {});
  panel.show(
    notice(isProven ? "good" : "warn", `Decrypted: ${bytes(file.size)}`, el("p", {}, isProven
      ? "It is the cleaned file, as the dataset has it. Its bytes were checked against the fingerprint on the chain's list, where it stands as yours."
      : "The chain's list does not have this file as yours, or not yet: that it is the one that you contributed is the node's word alone.")),
    actions(button("Save the file", () => {
      save(file, `contribution-${fileName(digest)}.zip`);
      replace(saved, el("p", { class: "hint" }, "The browser's own copy is removed when you leave this page."));
    })), saved);
}

/** Anybody can encrypt a file to a member's public key: that this one is the member's own only the chain says. */
async function isOnChainAsOwn(digest: Hex): Promise<boolean> {
  const account = await currentAccount();
  if (account === undefined || (await status(digest)).batchId === undefined) return false;
  try {
    return isAddressEqual((await provenPlace(digest)).leaf.owner, account.address);
  } catch (error) {
    // A node that lacks the batch's list may have the file all the same.
    if (error instanceof Problem) return false;
    throw error;
  }
}

async function receipt(digest: Hex, panel: Panel): Promise<void> {
  const dao = await verifiedDao();
  const made = await receiptOf(registryOf(dao), await status(digest));
  if (made === undefined) return panel.show(el("p", {}, "There is no verdict yet, so there is no receipt."));
  panel.show(
    el("p", {}, "A receipt shows that you contributed this file and what was said of it. Each line is checked here, against signatures and the chain."),
    await checksOf(made, chainFacts),
    made.signed === undefined ? el("p", { class: "hint" }, "The terms that you signed are kept only in the browser that you contributed from, so they are not part of this copy.") : undefined,
    actions(button("Save the receipt", () => save(new Blob([JSON.stringify(made, null, 2)], { type: "application/json" }), `receipt-${fileName(digest)}.json`))));
}

function confirmWithdrawal(digest: Hex, panel: Panel): Promise<void> {
  return new Promise((resolve, reject) => panel.show(
    el("p", {}, "It is for good. From then on no guardian helps to open the file, under any grant, and this node deletes its copy. Save it first if you want to keep it."),
    el("p", {}, "What somebody has opened already cannot be unread. You keep the tokens that it earned."),
    actions(button("Withdraw for good", () => void withdrawNow(digest, panel).then(resolve, reject), "danger"))));
}

async function withdrawNow(digest: Hex, panel: Panel): Promise<void> {
  panel.hide();
  await withdraw(digest, `Withdraw the contribution ${fileName(digest)}… from the dataset, for good.`,
    () => panel.show(el("p", {}, "The node sends it to the chain…"), el("progress", { "aria-label": "Sending" })));
  panel.show(notice("good", "Withdrawn", el("p", {}, "No guardian helps to open it from now on.")));
  await refreshNow();
}

async function offerUnfinished(): Promise<void> {
  if ((await findUnfinished(await verifiedDao())) === undefined) return;
  replace(byId("my-unfinished"), notice("info", "You have an unfinished contribution in this browser", el("p", {}, el("a", { href: "/contribute" }, "Go on with it"))));
}

addEventListener("pagehide", () => decrypted.forEach((name) => void plaintexts.remove(name)));
offerUnfinished().catch((error: unknown) => console.warn(error));
