import { el } from "../../shared/dom.ts";
import type { ProofOf } from "../proof.ts";
import { hearAnswers } from "../sign-in-channel.ts";
import { newSignIn, readSignIn } from "../sign-in.ts";
import type { SignInAnswer, SignInRequest } from "../sign-in.ts";
import type { SignInSource } from "../policy.ts";
import { actions, button, heading } from "./parts.ts";
import { wordsOf } from "./words.ts";

export interface SignedIn {
  readonly request: SignInRequest;
  readonly answer: SignInAnswer;
}

/** Sends the member to the platform in another tab. `signedIn` is called once with the answer; what is not one is said here, and can be tried again. */
export function signInParts(source: SignInSource, of: ProofOf, signedIn: (made: SignedIn) => void, discard: () => void): { readonly parts: readonly Node[]; readonly stop: () => void } {
  const { host } = new URL(source.authorizeUrl);
  const link = el("a", { class: "button", target: "_blank", rel: "noopener noreferrer" }, `Sign in at ${host}`, el("span", { class: "visually-hidden" }, " (opens in another tab)"));
  const status = el("p", { role: "status" });
  const error = el("p", { class: "error", role: "alert" });
  let request: SignInRequest;
  const renew = (): void => {
    request = newSignIn(source, of, location.origin);
    link.href = request.url;
  };
  link.addEventListener("click", () => {
    error.replaceChildren();
    status.replaceChildren(`Waiting for you to sign in at ${host}, in the other tab. If you closed it, or nothing comes of it, press the button again.`);
  });
  const stop = hearAnswers((query) => {
    try {
      const answer = readSignIn(query, request);
      signedIn({ request, answer });
      return true;
    } catch (problem) {
      const { code, detail, hint } = wordsOf(problem);
      // Anybody may lead this browser to that page: whoever waits here goes on waiting.
      if (code === "evidence.sign_in_not_ours") return undefined;
      status.replaceChildren();
      error.replaceChildren(`${detail} ${hint}`);
      renew();
      return false;
    }
  });
  renew();
  return {
    stop,
    parts: [
      heading(`Sign in at ${host}`),
      el("p", {}, `Your file is encrypted and uploaded. Before you hand it in, show that the account is yours: sign in at ${host} and allow it. ${host} opens in another tab, and comes back by itself. If it asks for a password, it asks there; this page never sees it.`),
      el("p", { class: "hint" }, "What comes back serves once, within minutes, for this file and your wallet alone. It is sealed to one validator, which asks for the name of your account with it and forgets it."),
      error,
      actions(link, button("Discard the file", discard, "danger")),
      status,
    ],
  };
}
