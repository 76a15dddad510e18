import { ChainMismatch } from "../chain/index.ts";

/** Fills a `<span data-verify>`: what was checked, or what differs. */
export function tell(element: HTMLElement, state: "checked" | "differs" | "pending", text: string): void {
  element.dataset["verify"] = state;
  element.classList.toggle("pending", state === "pending");
  element.textContent = text;
}

/** Tells why a check could not be made, or found a difference; a difference has to block whatever would be signed. */
export function tellProblem(element: HTMLElement, problem: unknown): void {
  const message = problem instanceof Error ? problem.message : String(problem);
  tell(element, problem instanceof ChainMismatch ? "differs" : "pending", problem instanceof ChainMismatch ? message : `Not checked: ${message}`);
}
