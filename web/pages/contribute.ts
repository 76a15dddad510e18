/**
 * The page on which a member contributes: choose, look, say yes, sign once; everything else goes by itself.
 *
 * It can be left at any moment: what was encrypted and signed is kept in this browser, and the page goes on with it.
 */
import { verifiedDao, verifiedDaoNow } from "../chain/index.ts";
import type { VerifiedDao } from "../chain/index.ts";
import { currentAccount } from "../keys/index.ts";
import { el, byId, replace } from "../shared/dom.ts";
import { ago, bytes, counted } from "../shared/format.ts";
import { chainFacts } from "../contribute/page/chain-facts.ts";
import { FileWorker, Stopped } from "../contribute/page/file-worker.ts";
import * as flow from "../contribute/page/flow.ts";
import { actions, button, heading, notice, save } from "../contribute/page/parts.ts";
import { codeParts } from "../contribute/page/code.ts";
import { ProgressPanel } from "../contribute/page/progress.ts";
import { proofChooser } from "../contribute/page/proofs.ts";
import { signInParts } from "../contribute/page/sign-in.ts";
import type { SignedIn } from "../contribute/page/sign-in.ts";
import { summaryOf } from "../contribute/page/summary.ts";
import { checksOf, findingsOf } from "../contribute/page/verdict.ts";
import { tokens, wordsOf } from "../contribute/page/words.ts";
import type { CodeTask, Proof } from "../contribute/proof.ts";
import type { Unfinished } from "../contribute/journal.ts";
import type { ContributionPolicy } from "../contribute/policy.ts";
import { offersOf } from "../contribute/proofs.ts";
import { signInHere } from "../contribute/sign-in.ts";
import { readReport } from "../contribute/report.ts";
import type { ContributionStatus } from "../contribute/report.ts";

const panel = byId("contribute");
const steps = byId("contribute-steps");
const worker = new FileWorker();
const left = new Error("The member went on to something else.");
let leave: (() => void) | undefined;

type Step = "choose" | "look" | "seal" | "send" | "verdict";

/** Shows a state of the page: its step is marked and its heading takes the focus. */
function show(step: Step, ...children: readonly (Node | string | undefined | false)[]): void {
  const order: readonly Step[] = ["choose", "look", "seal", "send", "verdict"];
  for (const item of steps.querySelectorAll<HTMLElement>("[data-step]")) {
    const at = order.indexOf(item.dataset["step"] as Step) - order.indexOf(step);
    item.dataset["state"] = at < 0 ? "done" : at === 0 ? "now" : "";
    if (at === 0) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
  const hadFocus = panel.dataset["begun"] !== undefined;
  replace(panel, ...children);
  if (hadFocus) panel.querySelector<HTMLElement>("h2")?.focus();
  panel.dataset["begun"] = "";
}

/** Runs what may fail and says how it ended in words; a member who stops is back at the start. */
async function attempt(act: () => Promise<void>, again: () => void): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Stopped) return again();
    if (error === left) return;
    const { code, detail, hint } = wordsOf(error);
    if ((error as Error).name === "Cancelled") return show("seal", heading("Not signed"), notice("info", "You did not sign, so nothing was handed in", el("p", {}, "The encrypted file is kept in this browser. You can go on now or another day.")), actions(button("Go on", again)));
    show("choose", heading("This did not work"), notice("bad", detail, hint !== "" && el("p", {}, hint), el("p", { class: "hint" }, "The code of this refusal is ", el("code", {}, code), ".")), actions(button("Try again", again)));
  } finally {
    leave = undefined;
  }
}

const begin = (): void => {
  leave?.();
  void attempt(start, begin);
};

async function start(): Promise<void> {
  const dao = await verifiedDao();
  const policy = await flow.policyOf(dao);
  if (await isLockedElsewhere()) return waitForOtherTab();
  const unfinished = await flow.findUnfinished(dao);
  if (unfinished !== undefined) offerToGoOn(dao, policy, unfinished);
  else choose(dao, policy);
}

function choose(dao: VerifiedDao, policy: ContributionPolicy): void {
  const input = el("input", { type: "file", id: "export-file" });
  input.addEventListener("change", () => input.files?.[0] !== undefined && look(dao, policy, input.files[0]));
  const drop = el("div", { class: "drop" },
    el("p", {}, el("strong", {}, "Drop your export here")),
    el("p", { class: "hint" }, "The file as you received it, unopened. It is read on this computer; nothing is sent until you say so. ", document.getElementById("get") !== null && el("a", { href: "#get" }, "How to get your file")),
    el("label", { for: "export-file" }, "or choose the file"), input);
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.dataset["over"] = "";
  });
  drop.addEventListener("dragleave", () => delete drop.dataset["over"]);
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    delete drop.dataset["over"];
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) look(dao, policy, file);
  });
  const missing = el("div", {});
  show("choose", heading("Choose your file"), missing, drop);
  void currentAccount().then((account) => {
    if (account === undefined) missing.append(notice("info", "You can look at your file without an account", el("p", {}, "To contribute it you need one. ", el("a", { href: "/account" }, "Make an account"), "; it takes a minute and asks for no e-mail.")));
  });
}

function look(dao: VerifiedDao, policy: ContributionPolicy, file: File, isAgain = false): void {
  void attempt(async () => {
    const progress = new ProgressPanel("Reading the file", actions(button("Stop", () => worker.stop(), "quiet")));
    show("look", heading("Reading your file"), el("p", {}, `${file.name} is read on this computer. Nothing is sent.`), progress.element);
    const read = await worker.read({ file, policy }, { progress: (done, total) => progress.show(done, total) });
    const account = await currentAccount();
    const proofs = proofChooser(offersOf(policy, read.reading.account, location.origin), read.estimates);
    show("look",
      heading("What is in your file"),
      isAgain && notice("warn", "The dataset has changed while this page was open", el("p", {}, "It has another key, other guardians, other validators or another policy than you were shown. Nothing was encrypted or sent yet. Look again.")),
      summaryOf(read, file), proofs.element,
      el("h3", {}, "Contribute it?"),
      el("p", {}, `It is encrypted on this computer to the key of ${dao.name} and to your own. You can always read it. Others can only if the members vote for it, and ${dao.guardians.threshold} of ${dao.guardians.members.length} guardians then open it for that one buyer. `
        + "One validator reads it once, now, to check it. You can withdraw it for the future; what somebody has read cannot be unread."),
      verified(dao),
      account === undefined
        ? notice("info", "You need an account first", el("p", {}, el("a", { href: "/account" }, "Make an account"), ", then come back and choose the file again."))
        : actions(
            proofs.isPossible && button("Encrypt and contribute", () => {
              const proof = proofs.chosen();
              if (proof !== false) void contribute(dao, policy, file, proof, read.estimates.structure.byKind.reduce((sum, { rows }) => sum + rows, 0));
            }),
            button("Choose another file", begin, "quiet")));
  }, begin);
}

const verified = (dao: VerifiedDao): HTMLElement =>
  el("p", {}, el("span", { "data-verify": "checked" }, `The key of ${dao.name}, its guardians, validators and rules were checked against the chain.`));

const contribute = (dao: VerifiedDao, policy: ContributionPolicy, file: File, proof: Proof | undefined, rows: number): Promise<void> =>
  withLock(() => attempt(async () => {
    await flow.sweep();
    // Read anew: a page can stand open for days, and a vote may have replaced a stolen key or a validator meanwhile.
    const now = await verifiedDaoNow();
    if (flow.standing(now) !== flow.standing(dao)) return look(now, await flow.policyOf(now), file, true);
    const progress = new ProgressPanel("Encrypting", actions(button("Stop", () => worker.stop(), "quiet")));
    show("seal", heading("Encrypting"), el("p", {}, "What stays with you is left out, the rest is encrypted. Keep this tab open."), progress.element);
    const entry = await flow.seal(worker, dao, policy, file, proof, { progress: (done, total) => progress.show(done, total) });
    await finish(dao, entry, `Contribute to ${dao.name}: ${counted(rows, "record")}, ${bytes(entry.size)} encrypted.`);
  }, begin));

function offerToGoOn(dao: VerifiedDao, policy: ContributionPolicy, entry: Unfinished): void {
  const what = `It has ${bytes(entry.size)} and was encrypted ${ago(entry.madeAt / 1000)}.`;
  const goOn = (): void => void withLock(() => attempt(async () => {
    // As above: what it was encrypted for may count no more, and then it is forgotten.
    if (!(await countsStill(entry))) return sayOutdated();
    await finish(dao, entry, `Contribute to ${dao.name}: ${bytes(entry.size)}, encrypted ${ago(entry.madeAt / 1000)}.`);
  }, begin));
  // What was handed in needs nothing more from the member; what waits for a code says so itself.
  if (entry.isSubmitted || (entry.code !== undefined && entry.signed === undefined)) return goOn();
  show(entry.signed === undefined ? "seal" : "send",
    heading("You have an unfinished contribution"),
    el("p", {}, what, entry.signInAt !== undefined ? " It waits for you to sign in at the platform." : entry.signed === undefined ? " It waits for your signature." : " You have signed; it has not been handed in yet."),
    actions(button("Go on with it", goOn), button("Discard it", () => void flow.forget(entry).then(() => choose(dao, policy)), "danger")));
}

/** False once key or validator that it was encrypted for have been replaced; it is forgotten then. Another account is told so when it is asked to sign. */
async function countsStill(entry: Unfinished): Promise<boolean> {
  if ((await currentAccount())?.address !== entry.owner) return true;
  return (await flow.findUnfinished(await verifiedDaoNow()))?.ciphertextDigest === entry.ciphertextDigest;
}

const sayOutdated = (): void =>
  show("choose", heading("Choose your file again"), notice("warn", "What was encrypted is of no use any more", el("p", {}, "The dataset has another key, another validator or other rules by now, or this browser has cleared the file away. Nothing was handed in. A code that came with it is of no use any more either.")),
    actions(button("Choose your file", begin)));

/** Signs, uploads, hands in, waits: each only as far as it is not done yet. */
async function finish(dao: VerifiedDao, entry: Unfinished, sentence: string): Promise<void> {
  if (!entry.isSubmitted) {
    if (entry.code !== undefined && entry.signed === undefined) entry = await whenPlaced(dao, entry, entry.code);
    if (entry.signInAt !== undefined) entry = await whenSignedIn(dao, entry, entry.signInAt);
    show(entry.signInAt === undefined ? "seal" : "send", heading("Sign to contribute"), el("p", {}, "Your key is asked for one signature: that the file is yours to contribute, and that nobody can hand it in under another name."));
    entry = await flow.sign(dao, entry, sentence);
    await send(entry);
    entry = await flow.submit(entry);
  }
  show("verdict", heading("A validator is checking your file"), el("p", {}, "It reads the file once, compares it with what is known, and answers with reasons. This takes seconds, for a large file minutes."),
    el("progress", { "aria-label": "Waiting for the verdict" }), el("p", { class: "hint" }, "You can close this page; the verdict will be under ", el("a", { href: "/my" }, "My data"), "."));
  const waiting = new AbortController();
  leave = (): void => waiting.abort(left);
  await showVerdict(dao, entry, await flow.waitWhile(entry, ["waiting"], waiting.signal));
}

/** Waits until the member says that the code stands on the account's page. */
async function whenPlaced(dao: VerifiedDao, entry: Unfinished, task: CodeTask): Promise<Unfinished> {
  const post = await new Promise<string | undefined>((placed, gone) => show("seal", ...codeParts(task, placed, () => void discard(entry, gone))));
  // The page may have stood open for days.
  if (!(await countsStill(entry))) {
    sayOutdated();
    throw left;
  }
  return task.draft === undefined || post === undefined ? entry : flow.namePost(dao, entry, task.draft, post);
}

/** Uploads, and waits until the member has signed in at the platform: what comes back lives for minutes, and an upload may take hours. */
async function whenSignedIn(dao: VerifiedDao, entry: Unfinished, platform: string): Promise<Unfinished> {
  await send(entry);
  const source = signInHere((await flow.policyOf(await verifiedDaoNow())).sources.signIn, platform, location.origin);
  if (source === undefined) {
    // A vote has changed how one signs in, or this is another address of the node.
    await flow.forget(entry);
    sayOutdated();
    throw left;
  }
  let stop: (() => void) | undefined;
  try {
    const made = await new Promise<SignedIn>((signedIn, gone) => {
      const panel = signInParts(source, entry, signedIn, () => void discard(entry, gone));
      stop = panel.stop;
      show("send", ...panel.parts);
    });
    if (!(await countsStill(entry))) {
      sayOutdated();
      throw left;
    }
    // What was signed with an earlier sign-in counts no more.
    return await flow.addSignIn(dao, { ...entry, signed: undefined }, made);
  } finally {
    stop?.();
  }
}

/** Ends what is under way with this file, as if the member had stopped it. */
async function discard(entry: Unfinished, gone: (reason: Stopped) => void): Promise<void> {
  await flow.forget(entry);
  gone(new Stopped("You discarded it."));
}

async function send(entry: Unfinished): Promise<void> {
  for (;;) {
    const paused = await sendUntilPaused(entry);
    if (!paused) return;
    await new Promise<void>((resume, gone) => {
      show("send", heading("Paused"), el("p", {}, "What was uploaded is kept. You can go on now or another day, from this browser."),
        actions(button("Go on", resume), button("Discard it", () => void discard(entry, gone), "danger")));
    });
  }
}

async function sendUntilPaused(entry: Unfinished): Promise<boolean> {
  const progress = new ProgressPanel("Uploading", actions(button("Pause", () => worker.stop(), "quiet")));
  show("send", heading("Uploading"), el("p", {}, "Only ciphertext is sent. If the connection breaks or you close this page, it goes on later where it stood."), progress.element);
  try {
    await worker.upload({ name: entry.file, digest: entry.ciphertextDigest }, {
      progress: (done, total) => progress.show(done, total),
      waiting: (milliseconds) => progress.say(`The connection is down. Trying again in ${counted(Math.ceil(milliseconds / 1000), "second")}; what was sent is kept.`),
    });
    return false;
  } catch (error) {
    if (error instanceof Stopped) return true;
    throw error;
  }
}

async function showVerdict(dao: VerifiedDao, entry: Unfinished, status: ContributionStatus): Promise<void> {
  await flow.conclude(entry);
  let receipt = await flow.receiptOf(flow.registryOf(dao), status);
  const report = readReport(status);
  const again = button("Contribute another file", begin, "quiet");
  if (receipt === undefined || report === undefined)
    return show("verdict", heading("There is a verdict that cannot be read"), notice("bad", "The node's report is not the one that the validator signed", el("p", {}, "Ask another node, or the DAO's operators.")), actions(again));
  const receiptParts = el("div", {}, await checksOf(receipt, chainFacts));
  const saving = button("Save the receipt", () => save(new Blob([JSON.stringify(receipt, null, 2)], { type: "application/json" }), `receipt-${status.ciphertextDigest.slice(2, 14)}.json`));
  if (!report.accepted)
    return show("verdict", heading("Your file was refused"),
      notice("bad", report.refusal?.detail ?? "The validator gave no reason.", report.refusal?.hint !== undefined && el("p", {}, report.refusal.hint),
        report.refusal !== null && el("p", { class: "hint" }, "The code of this refusal is ", el("code", {}, report.refusal.code), ".")),
      entry.code !== undefined && el("p", {}, "You can take the code off your page. If you contribute again, you get a new one."),
      findingsOf(report), el("h3", {}, "The verdict, checked here"), receiptParts, actions(saving, again));
  show("verdict", heading(BigInt(report.points) === 0n ? "Accepted, and nothing new in it" : `Accepted: you earn ${tokens(report.points)}`),
    notice("good", BigInt(report.points) === 0n ? "Every record was known already, so it earns nothing" : "Thank you. It is part of the dataset with the next batch",
      el("p", {}, placeWords(status, dao))),
    entry.code !== undefined && el("p", {}, "You can take the code off your page now."),
    findingsOf(report), el("h3", {}, "Your receipt, checked here"), receiptParts,
    actions(saving, el("a", { class: "button quiet", href: "/my" }, "My data"), again));
  if (status.batchId !== undefined) return;
  // The receipt's last line comes true while the member looks at it.
  const waiting = new AbortController();
  leave = (): void => waiting.abort(left);
  receipt = await flow.receiptOf(flow.registryOf(dao), await flow.waitWhile(status, ["accepted", "waiting"], waiting.signal)) ?? receipt;
  replace(receiptParts, await checksOf(receipt, chainFacts));
}

const placeWords = (status: ContributionStatus, dao: VerifiedDao): string => status.batchId !== undefined
  ? `It stands in batch ${status.batchId} on the chain.`
  : `Contributions are written to the chain together, in a batch, at the latest ${counted(Math.ceil(dao.batching.maxAgeSeconds / 60), "minute")} from now. Then you can claim the tokens.`;

const lock = "commonhold/contribute";
let holdsLock = false;

/** One tab at a time works on this browser's contributions; another one says so. */
async function withLock(act: () => Promise<void>): Promise<void> {
  await navigator.locks.request(lock, { ifAvailable: true }, async (granted) => {
    if (granted === null) return waitForOtherTab();
    holdsLock = true;
    try {
      await act();
    } finally {
      holdsLock = false;
    }
  });
}

const isLockedElsewhere = async (): Promise<boolean> => !holdsLock && ((await navigator.locks.query()).held ?? []).some(({ name }) => name === lock);

function waitForOtherTab(): void {
  show("choose", heading("Another tab is at work"), notice("warn", "A contribution is under way in another tab of this browser", el("p", {}, "Go on there. When it is done or closed, this tab goes on by itself.")));
  void navigator.locks.request(lock, () => undefined).then(begin);
}

addEventListener("pagehide", () => leave?.());
begin();
