/**
 * Where a platform sends a member back to after a sign-in that shows whose account it is: hands the answer to the page that asked for it, in another tab of this browser.
 *
 * The answer leaves the address bar and the tab's history at once, is kept nowhere, and is worth nothing without what only that page knows.
 */
import { handOver } from "../contribute/sign-in-channel.ts";
import { byId, el, replace } from "../shared/dom.ts";

const query = location.search;
history.replaceState(null, "", location.pathname);

const patienceMilliseconds = 4000;
const place = byId("sign-in");

function say(kind: "info" | "good" | "warn", title: string, ...children: readonly Node[]): void {
  replace(place, el("div", { class: `notice ${kind}` }, el("strong", {}, title), ...children));
}

if (query.length <= 1) {
  say("info", "There is nothing to pass on", el("p", {}, "Nothing came with you, or it has been passed on already. You can close this page. A contribution goes on where it was begun: on the page Contribute."));
} else {
  const late = setTimeout(() => say("warn", "No page here waits for this answer",
    el("p", {}, "The page Contribute has been closed, or this is the answer to another sign-in. It was kept nowhere and is of no use to anybody. If you wanted to sign in, start again: ", el("a", { href: "/contribute" }, "open Contribute"), ".")), patienceMilliseconds);
  handOver(query, (isGood) => {
    clearTimeout(late);
    if (isGood) say("good", "Done: you can close this page", el("p", {}, "Go back to the tab with the page Contribute. It goes on there."));
    else say("warn", "The sign-in did not succeed", el("p", {}, "You can close this page. The page Contribute, in the tab that you came from, says why and lets you try again."));
  });
  say("info", "Passing it on to the page Contribute…");
}
