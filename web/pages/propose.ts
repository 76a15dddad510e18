// Proposals made in a form: the sentence that voters will read stands there before anything is signed.
import { getAddress, isAddress, type Address, type Hex } from "viem";
import { verifiedDao } from "../chain/index.ts";
import { busy, calls, clear, NotNow, propose, say, type Call } from "../govern/index.ts";
import { toHex } from "../open/hex.ts";
import { recipientPoint } from "../open/recipient.ts";
import { byId } from "../shared/dom.ts";
import { el } from "../shared/dom.ts";

const form = document.getElementById("proposal-form") as HTMLFormElement | null;

const text = (name: string): string => String(new FormData(form!).get(name) ?? "").trim();

function accountOf(name: string, what: string): Address {
  const value = text(name);
  if (!isAddress(value, { strict: value !== value.toLowerCase() })) throw new NotNow("request.invalid", `${what} is not an account: 0x and 40 digits, with a right checksum.`);
  return getAddress(value);
}

/** Percent with at most two digits after the point, as basis points. */
function bpsOf(name: string, what: string): number {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text(name));
  if (match === null) throw new NotNow("request.invalid", `${what} is a percentage with at most two digits after the point.`);
  return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
}

async function callOf(kind: string): Promise<Call> {
  const dao = await verifiedDao();
  switch (kind) {
    case "request":
    case "revoke": {
      const id = text("request");
      if (id === "") throw new NotNow("request.invalid", kind === "request" ? "Choose a request." : "Choose a grant.");
      return kind === "request" ? calls.approveRequest(dao, BigInt(id)) : calls.revokeGrant(dao, BigInt(id));
    }
    case "split": {
      const split = {
        operatorsBps: bpsOf("operatorsPart", "The operators’ part"), treasuryBps: bpsOf("treasuryPart", "The treasury’s part"),
        operators: accountOf("operators", "The operators’ account"), treasury: accountOf("treasury", "The treasury’s account"),
      };
      if (split.operatorsBps + split.treasuryBps > 10_000) throw new NotNow("request.invalid", "The two parts together are more than everything.");
      return calls.setSplit(dao, split);
    }
    case "policy": {
      const digest = text("digest").toLowerCase();
      if (!/^0x[0-9a-f]{64}$/.test(digest)) throw new NotNow("request.invalid", "A digest is 0x and 64 digits.");
      return calls.setPolicy(dao, digest as Hex);
    }
    default: {
      const point = recipientPoint(text("worker"));
      if (point === undefined) throw new NotNow("request.invalid", "A worker’s key is age1 and 58 letters and digits.");
      return calls.setWorker(dao, toHex(point), text("approved") === "yes");
    }
  }
}

if (form !== null) {
  const kind = form.dataset["kind"] ?? "";
  const preview = byId("preview");
  const status = byId("propose-status");
  let turn = 0;
  const show = async (): Promise<void> => {
    const mine = ++turn;
    const { words, pending } = await callOf(kind).then(({ sentence }) => ({ words: sentence, pending: false }), (error: Error) => ({ words: error.message, pending: true }));
    if (mine !== turn) return;
    preview.textContent = words;
    preview.classList.toggle("pending", pending);
  };
  form.addEventListener("input", () => void show());
  if (kind === "split" || text("request") !== "") void show();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clear(status);
    void busy(form.querySelector("button[type=submit]")!, status, async () => {
      const id = await propose(await callOf(kind), text("why"));
      say(status, "good", "It is up for a vote.", el("p", {}, el("a", { href: `/vote/${id}` }, "See the proposal")));
    });
  });
}
