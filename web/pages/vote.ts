// One proposal: checks it against the chain, votes, carries it out.
import { busy, carryOut, checkProposal, clear, holdPage, say, sayProblem, vote, watchDue, type CheckedProposal, type Support } from "../govern/index.ts";
import { byId, replace, el } from "../shared/dom.ts";
import { refreshNow } from "../shared/live.ts";

const id = byId("proposal").dataset["proposal"] ?? "";
const state = byId("check");
let checking: Promise<CheckedProposal> | undefined;

/** Checked once a visit, and again after a failure that may pass. */
function checked(): Promise<CheckedProposal> {
  checking ??= check();
  checking.catch(() => (checking = undefined));
  return checking;
}

async function check(): Promise<CheckedProposal> {
  tell("", "Checking against the chain…");
  try {
    const proposal = await checkProposal(id);
    holdPage(proposal, document);
    tell("good", "Checked: your browser read this proposal from the chain, and the page says the same.");
    return proposal;
  } catch (error) {
    const { name, message } = error as Error;
    const differs = name === "ProposalAltered" || name === "ChainMismatch" || name === "OtherDao";
    tell(differs ? "bad" : "warn", differs ? `It differs. Do not vote for it here. ${message}` : `Not checked: ${message}`);
    throw error;
  }
}

function tell(kind: string, words: string): void {
  state.className = `state ${kind}`;
  state.dataset["verify"] = kind === "good" ? "checked" : kind === "bad" ? "differs" : "pending";
  replace(state, el("span", {}, words));
}

const support = ["against it", "for it", "abstain"] as const;

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("button[data-act]");
  if (button === null) return;
  if (button.dataset["act"] === "vote") {
    const status = byId("ballot-status");
    clear(status);
    void busy(button, status, async () => {
      const choice = Number(button.dataset["support"]) as Support;
      const reason = byId<HTMLTextAreaElement>("reason").value.trim();
      // Against is safe whatever the page shows: what is signed says what the chain has. And a currency that calls itself one thing here and
      // another there must not keep those from voting who are against it.
      await vote(await (choice === 0 ? checked().catch(() => checkProposal(id)) : checked()), choice, reason);
      byId<HTMLTextAreaElement>("reason").value = "";
      say(status, "good", `Your vote is counted: ${support[choice]}.`, "It stands on the chain, and cannot be changed.");
      await settle();
    });
  } else if (button.dataset["act"] === "carry-out") {
    const status = byId("carry-out-status");
    clear(status);
    void busy(button, status, async () => {
      const step = await carryOut(id);
      if (step === "queue") say(status, "good", "It is in the waiting time now.", "When that is over it can be carried out.");
      else say(status, "good", "Carried out: what was voted on has happened.");
      await settle();
    });
  }
});

/** The node's tables are a moment behind the chain. */
async function settle(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await refreshNow();
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
}

/** The two forms follow the state that the live part of the page shows. */
function follow(): void {
  const standing = byId("standing").dataset;
  const ballot = document.getElementById("ballot");
  if (ballot !== null) {
    byId("ballot-controls").hidden = document.getElementById("you")?.dataset["voted"] !== undefined;
    for (const button of ballot.querySelectorAll<HTMLButtonElement>("button[data-act]")) button.disabled = standing["state"] !== "active";
  }
  const box = document.getElementById("carry-out");
  if (box !== null) {
    const done = standing["state"] === "executed";
    box.hidden = standing["ready"] === undefined && !(done && box.querySelector(".notice") !== null);
    for (const button of box.querySelectorAll<HTMLButtonElement>("button[data-act]")) button.hidden = standing["ready"] === undefined;
  }
}

follow();
document.addEventListener("live", follow);
watchDue(refreshNow);

function look(): void {
  checked().catch((error: unknown) => {
    // A chain that does not answer comes back; nobody has to reload for it.
    if ((error as Error).name === "ChainUnavailable") return void setTimeout(look, 5000);
    const status = document.getElementById("ballot-status");
    if (status !== null) sayProblem(status, error);
  });
}

look();
