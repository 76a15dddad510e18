// The account page: choosing how to hold an account, restoring one, and what there is once there is one.
import { OtherDao, forgetRememberedDao, verifiedDao } from "../chain/index.ts";
import { onChangeElsewhere } from "../keys/index.ts";
import { showChoices } from "../keys/page/choices.ts";
import { showMine } from "../keys/page/mine.ts";
import { notice } from "../keys/page/parts.ts";
import { showRestore } from "../keys/page/restore.ts";
import { load } from "../keys/store.ts";
import { byId, el } from "../shared/dom.ts";

async function show(): Promise<void> {
  const stored = await load();
  for (const id of ["choose", "restore"]) byId(id).hidden = stored !== undefined;
  byId("mine").hidden = stored === undefined;
  if (stored !== undefined) return showMine(byId("mine"), stored);
  showChoices();
  showRestore();
}

/** Said at once, and not only when something is to be signed: this address does not serve what it served before. */
async function warnOfAnotherDao(): Promise<void> {
  try {
    await verifiedDao();
  } catch (problem) {
    const forget = el("button", { type: "button", class: "danger small", onclick: () => (forgetRememberedDao(), location.reload()) }, "I know why: forget the old one");
    byId("account-status").append(notice("bad", problem instanceof OtherDao ? "This is not the DAO that was here before" : "Not checked against the chain",
      el("p", {}, (problem as Error).message), problem instanceof OtherDao && el("div", { class: "actions" }, forget)));
  }
}

onChangeElsewhere(() => location.reload());
await show();
await warnOfAnotherDao();
