// What every page runs: local times, copying, what lives, and tidying up.
import { chainNow } from "../shared/clock.ts";
import { el } from "../shared/dom.ts";
import { ago, moment } from "../shared/format.ts";
import { keepLive, onChange } from "../shared/live.ts";
import { clearOpened } from "../shared/opened.ts";

/** Says each time relative to the chain's now, with the exact local time on hover. The server's text stays where a page shows exact times. */
function tellTimes(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-unix]")) {
    const unix = Number(time.dataset["unix"]);
    const text = time.dataset["exact"] === undefined ? ago(unix, chainNow()) : moment(unix);
    if (time.textContent !== text) time.textContent = text;
    if (time.title === "") time.title = moment(unix);
  }
}

/** Adds a button to what one may want to copy: an address, a digest, a command. */
function offerCopies(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-copy]:not([data-copies])")) {
    element.dataset["copies"] = "";
    const what = element.dataset["copyName"] ?? "this";
    const button = el("button", { type: "button", class: "copy", "aria-label": `Copy ${what}` }, "Copy");
    button.addEventListener("click", () => void copy(button, element.dataset["copy"] ?? ""));
    element.append(button);
  }
}

async function copy(button: HTMLButtonElement, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

function dress(): void {
  tellTimes();
  offerCopies();
}

keepLive();
dress();
// What a tab that was killed left decrypted is nobody's business.
clearOpened().catch(() => undefined);
// On a narrow screen the menu scrolls: the current page's name is brought into view.
const current = document.querySelector<HTMLElement>(".menu [aria-current]");
const menu = current?.closest<HTMLElement>(".menu");
if (current && menu) menu.scrollLeft = current.offsetLeft - (menu.clientWidth - current.offsetWidth) / 2;
// A page that says "not yet" is loaded again when the node says that something changed.
if (document.querySelector("[data-retry]") !== null) onChange(["head"], () => location.reload());
document.addEventListener("live", dress);
setInterval(tellTimes, 20_000);
