// The pages of "Create a DAO": sentences while one types, and the creation itself.
import type { Address } from "viem";
import { verifiedDao } from "../chain/index.ts";
import { buildPlan } from "../creation/build.ts";
import { balanceOf, blockNow, check, deploy, priceOf, refund, standing } from "../creation/index.ts";
import { addressOfKey, finish, forget, forgetTyped, load, newKey, rememberTyped, save, typedHere, type Created, type Creation } from "../creation/key.ts";
import { OtherDao, type CreationParts } from "../creation/plan.ts";
import { holdTyped, typedSteps, unseen, type TypedStep } from "../creation/typed.ts";
import { byId, el, replace } from "../shared/dom.ts";
import { units } from "../shared/format.ts";
import { get, post, relayed } from "../shared/node.ts";
import { installedWallets } from "../wallet/index.ts";

const votingFields = ["VotingDelay", "VotingPeriod", "LateQuorum", "Timelock", "Quorum", "ProposalThreshold", "Members"];

function tellConsequences(list: HTMLElement): void {
  let timer = 0;
  let asked = 0;
  const ask = async (): Promise<void> => {
    const number = ++asked;
    const query = new URLSearchParams(votingFields.map((name) => [name, byId<HTMLInputElement>(name).value]));
    const { sentences } = await get<{ sentences: string[] }>(`/v1/creation/consequences?${query}`);
    // What was typed meanwhile is asked for by itself; while it does not fit, the last sentences stay.
    if (number === asked && sentences.length > 0) replace(list, ...sentences.map((sentence) => el("li", {}, sentence)));
  };
  for (const name of votingFields)
    byId(name).addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => void ask().catch(() => undefined), 200);
    });
}

/** What leaves with the form is kept here too, so that no node can say later that something else was typed. */
function keepTyped(form: HTMLFormElement): void {
  const step = typedSteps.find((name) => new URL(form.action).pathname === `/create/${name}`);
  if (step === undefined) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // A browser that keeps nothing here can still take the settings file to the command line.
    void keep(form, step).catch(() => undefined).then(() => form.submit());
  });
}

async function keep(form: HTMLFormElement, step: TypedStep): Promise<void> {
  const fields: Record<string, string> = {};
  for (const [name, value] of new FormData(form))
    // A mark at the beginning of a file (U+FEFF) is a part of it.
    if (!name.startsWith("__")) fields[name] = typeof value === "string" ? value : new TextDecoder("utf-8", { ignoreBOM: true }).decode(await value.arrayBuffer());
  await rememberTyped(step, fields);
}

const stepNames = ["Check the code and your settings, and make a key for this one purpose", "Send it gas money", "Deploy the eight contracts", "Hold them against what you typed", "Send back what is left, and forget the key"];

async function prepareCreation(button: HTMLButtonElement): Promise<void> {
  const under = await load();
  if (under !== undefined && "created" in under) {
    const area = byId("creation");
    const another = el("button", { type: "button", class: "quiet", id: "another" }, "Create another DAO");
    another.addEventListener("click", () => void forget().then(() => location.reload()));
    finished(area, under);
    area.append(el("p", { class: "actions" }, another));
    return;
  }
  const missing = under === undefined ? unseen(await typedHere()) : [];
  if (missing.length > 0) {
    replace(byId("creation"), el("div", { class: "notice warn", id: "unseen" }, el("strong", {}, "This browser has not seen everything being typed"),
      el("p", {}, "So that nobody can slip other settings in, it deploys only what was saved in this browser. Open these pages, look at them and save them once more:"),
      el("ul", {}, ...missing.map((step) => el("li", {}, el("a", { href: `/create/${step}` }, titleOf(step)))))));
    return;
  }
  if (under !== undefined) {
    button.textContent = "Go on with the creation";
    replace(byId("creation"), el("div", { class: "notice info" }, el("strong", {}, `The creation of “${under.plan.settings.name}” is under way`),
      el("p", {}, `${await standing(addressOfKey(under.key))} of ${under.plan.deployments.length} contracts stand. It goes on with the settings that it began with.`)));
  }
  button.hidden = false;
  button.addEventListener("click", () => void create(button).catch((problem: unknown) => fail(button, problem)));
}

async function create(button: HTMLButtonElement): Promise<void> {
  button.hidden = true;
  const area = byId("creation");
  const steps = stepNames.map((name) => el("li", {}, name));
  const detail = el("div", { class: "stack", role: "status" });
  replace(area, el("ol", { class: "steps" }, ...steps), detail);
  const at = (step: number): void => steps.forEach((item, i) => (item.dataset["state"] = i < step ? "done" : i === step ? "now" : ""));

  at(0);
  const before = await load();
  let creation = before === undefined || "created" in before ? await begin() : before;
  const address = addressOfKey(creation.key);
  at(1);
  if ((await standing(address)) === 0) creation = await fund(creation, address, detail);
  at(2);
  const bar = el("progress", { max: creation.plan.deployments.length, value: 0, "aria-label": "Contracts that stand" });
  const line = el("p", { class: "hint" });
  replace(detail, bar, line);
  await deploy(creation, (done) => {
    bar.value = done;
    line.textContent = done < creation.plan.deployments.length ? `${done} of ${creation.plan.deployments.length} stand; next: ${creation.plan.deployments[done]!.contract}` : "All stand.";
  });
  at(3);
  await check(creation.plan);
  at(4);
  await refund(creation);
  const created = await finish(creation);
  at(5);
  finished(detail, created);
}

const titleOf = (step: TypedStep): string => document.querySelector(`.steps a[href="/create/${step}"]`)?.textContent ?? step;

/** Everything that can be refused is refused here, before a coin moves. */
async function begin(): Promise<Creation> {
  const dao = await verifiedDao(); // So that the chain endpoint is one that speaks for this node's chain.
  const parts = await get<CreationParts>("/v1/creation");
  if (parts.chainId !== dao.chainId) throw new OtherDao(`The node would create it on chain ${parts.chainId}, and its own chain is ${dao.chainId}. Nothing was sent.`);
  holdTyped(parts.settings, await typedHere());
  const { key, address } = newKey();
  const plan = buildPlan(parts, address);
  await priceOf(plan);
  const creation: Creation = { key, plan, firstBlock: await blockNow(), refundTo: plan.contracts.timelock };
  await save(creation);
  return creation;
}

/** Waits until the key has what it may need: from the trial's faucet, an installed wallet, or anybody. */
async function fund(creation: Creation, address: Address, detail: HTMLElement): Promise<Creation> {
  const price = await priceOf(creation.plan);
  if ((await balanceOf(address)) >= price) return creation;
  const dao = await verifiedDao();
  const wallets = await installedWallets();
  let funded = creation;
  const problem = el("p", { class: "error", role: "alert" });
  const offer = (label: string, act: () => Promise<void>): HTMLButtonElement => {
    const button = el("button", { type: "button" }, label);
    button.addEventListener("click", () => {
      button.disabled = true;
      problem.textContent = "";
      act().catch((reason: unknown) => {
        button.disabled = false;
        problem.textContent = reason instanceof Error ? reason.message : String(reason);
      });
    });
    return button;
  };
  replace(detail,
    el("p", {}, `The key may need up to ${units(price, 18)} coins. What is left over goes back to the wallet that paid; money from elsewhere, to the DAO’s own treasury.`),
    el("p", { class: "actions" },
      dao.trial && offer("Take trial gas money", async () => {
        const { ids } = await post<{ ids: string[] }>("/v1/trial/faucet", { account: address });
        await relayed(ids[0]!);
      }),
      ...wallets.map((wallet) => offer(`Pay with ${wallet.name}`, async () => {
        const from = await wallet.connect();
        await wallet.useChainOf(dao);
        // Kept before it is sent: a page that is closed now must not forget whose money it is.
        funded = { ...creation, refundTo: from };
        await save(funded);
        await wallet.sendTransaction(from, { to: address, data: "0x", value: price });
      }))),
    el("p", { class: "hint" }, "Or send it from anywhere: ", el("code", { "data-copy": address, "data-copy-name": "the address" }, address), ". This page goes on by itself."),
    problem);
  document.dispatchEvent(new CustomEvent("live"));
  while ((await balanceOf(address)) < price) await new Promise((resolve) => setTimeout(resolve, 1500));
  return funded;
}

function finished(area: HTMLElement, { name, dao, file }: Created): void {
  const save = el("button", { type: "button" }, "Download dao.json");
  save.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([file], { type: "application/json" }));
    el("a", { href: address, download: "dao.json" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  });
  replace(area,
    el("div", { class: "notice good", id: "created" }, el("strong", {}, `“${name}” stands`),
      el("p", {}, "Its contracts say what you typed, its key is forgotten, and from now on only its members’ vote can change it. Its address: ",
        el("code", { class: "digest whole", "data-copy": dao, "data-copy-name": "the DAO’s address" }, dao))),
    el("p", { class: "actions" }, save),
    el("p", { class: "hint" }, "Keep it: the programs that serve the DAO start from it. Nothing in it is secret. What comes next is said below, under “Afterwards”."));
  document.dispatchEvent(new CustomEvent("live"));
}

async function fail(button: HTMLButtonElement, problem: unknown): Promise<void> {
  const isUnderWay = (await load().catch(() => undefined)) !== undefined;
  byId("creation").append(el("div", { class: "notice bad", role: "alert" }, el("strong", {}, "It stopped"), el("p", {}, problem instanceof Error ? problem.message : String(problem)),
    el("p", { class: "hint" }, isUnderWay ? "Nothing is lost: go on from here." : "Nothing has begun, and nothing was paid.")));
  button.textContent = isUnderWay ? "Go on with the creation" : "Try again";
  button.hidden = false;
}

const form = document.getElementById("step-form");
if (form !== null) keepTyped(form as HTMLFormElement);
document.querySelector('form[action="/create/forget"]')?.addEventListener("submit", () => void forgetTyped().catch(() => undefined));
const consequences = document.getElementById("consequences");
if (consequences !== null) tellConsequences(consequences);
const begins = document.getElementById("begin");
if (begins !== null) void prepareCreation(begins as HTMLButtonElement);
document.getElementById("problems")?.focus();
