// The list of votes, and whom one's tokens vote through.
import { getAddress, isAddress } from "viem";
import { busy, clear, delegate, say, watchDue } from "../govern/index.ts";
import { currentAccount, NoAccount } from "../keys/index.ts";
import { byId } from "../shared/dom.ts";
import { refreshNow } from "../shared/live.ts";

const form = byId<HTMLFormElement>("delegation");
const input = byId<HTMLInputElement>("delegatee");
const error = byId("delegatee-error");
const status = byId("delegation-status");

function refuse(words: string): void {
  input.setAttribute("aria-invalid", "true");
  error.textContent = words;
  error.hidden = false;
  input.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clear(status);
  input.removeAttribute("aria-invalid");
  error.hidden = true;
  const text = input.value.trim();
  // Mixed case carries a checksum, which catches most slips of the hand.
  if (!isAddress(text, { strict: text !== text.toLowerCase() })) return refuse(text === "" ? "Give the account that is to vote for you." : "That is not an account: 0x and 40 digits, with a right checksum.");
  const to = getAddress(text);
  void busy(form.querySelector("button[type=submit]")!, status, async () => {
    await delegate(to);
    input.value = "";
    say(status, "good", "Your votes are handed over.", "It counts for votes that begin from now on. Your tokens and earnings stay yours.");
    await refreshNow();
  });
});

form.querySelector<HTMLButtonElement>("[data-act=undelegate]")!.addEventListener("click", (event) => {
  clear(status);
  void busy(event.currentTarget as HTMLButtonElement, status, async () => {
    const account = await currentAccount();
    if (account === undefined) throw new NoAccount();
    await delegate(account.address);
    say(status, "good", "You vote with your own tokens again.", "It counts for votes that begin from now on.");
    await refreshNow();
  });
});

watchDue(refreshNow);
