import { el } from "../../shared/dom.ts";
import { checkedLink } from "../proof.ts";
import type { Proof } from "../proof.ts";
import type { Estimate } from "../estimate.ts";
import type { EvidenceLevel } from "../policy.ts";
import type { Offer, Offers } from "../proofs.ts";
import { notice } from "./parts.ts";
import { roughTokens } from "./words.ts";

export interface ProofChooser {
  readonly element: HTMLElement;
  /** False where this dataset takes nothing that this page can make. */
  readonly isPossible: boolean;
  /** What was chosen; false when something is missing, which the page then says where it is missing. */
  chosen(): Proof | undefined | false;
}

interface Choice {
  readonly title: string;
  readonly permille: number;
  readonly level: EvidenceLevel;
  readonly lines: readonly string[];
  readonly field?: HTMLElement | undefined;
  /** Throws in words where something is missing. */
  readonly make: () => Proof | undefined;
  readonly error?: HTMLElement | undefined;
  readonly input?: HTMLInputElement | undefined;
}

/** Lets a member choose how to show that the account is theirs: what this dataset takes, what counts most first, and nothing at all. */
export function proofChooser({ proofs, unproved, elsewhere }: Offers, estimates: Readonly<Record<EvidenceLevel, Estimate>>): ProofChooser {
  const signIn = elsewhere !== undefined && el("p", { class: "hint" },
    proofs.some(({ type }) => type === "oauth") ? "This dataset also takes a sign-in with an identity that is linked to the account." : "This dataset also takes a sign-in as a proof.",
    " That needs the program on your own computer: ", el("code", {}, "commonhold contribute --help"), " says how.");
  const choices = [...proofs.map(choiceOf), ...(unproved === undefined ? [] : [withoutProof(unproved)])];
  if (choices.length === 0)
    return {
      isPossible: false, chosen: () => false,
      element: el("div", { class: "flow" }, notice("warn", "This dataset takes no file without a proof that it is yours", el("p", {}, "None of the proofs that it asks for can be made on this page for this file.")), signIn),
    };
  if (proofs.length === 0) return { isPossible: true, chosen: () => undefined, element: el("div", {}, signIn) };

  let at = unproved === undefined ? 0 : choices.length - 1;
  const cards = choices.map((choice, index) => {
    const radio = el("input", { type: "radio", name: "proof", value: String(index), checked: index === at });
    if (choice.field !== undefined) choice.field.hidden = index !== at;
    radio.addEventListener("change", () => {
      at = index;
      choices.forEach(({ field }, other) => field !== undefined && (field.hidden = other !== index));
    });
    return el("div", { class: "flow" },
      el("label", { class: "choice" }, radio, el("span", {},
        el("strong", {}, choice.title), el("small", {}, worthOf(choice, estimates)), ...choice.lines.map((line) => el("small", {}, line)))),
      choice.field);
  });
  return {
    isPossible: true,
    element: el("div", { class: "flow" },
      el("fieldset", {}, el("legend", {}, el("h3", {}, "Show that it is yours?")),
        el("p", { class: "hint" }, "With a proof your file counts more. One is enough. It is sealed to the key of one validator, seen by nobody else, destroyed after the verdict, and part of no dataset."),
        ...cards),
      signIn),
    chosen: () => {
      const choice = choices[at]!;
      try {
        choice.error?.replaceChildren();
        choice.input?.removeAttribute("aria-invalid");
        return choice.make();
      } catch (problem) {
        choice.error?.replaceChildren((problem as { detail?: string }).detail ?? (problem as Error).message, ` ${(problem as { hint?: string }).hint ?? ""}`);
        choice.input?.setAttribute("aria-invalid", "true");
        choice.input?.focus();
        return false;
      }
    },
  };
}

const worthOf = ({ permille, level }: Choice, estimates: Readonly<Record<EvidenceLevel, Estimate>>): string =>
  `Counts ${permille / 10} % of its full value: about ${roughTokens(estimates[level].low)} – ${roughTokens(estimates[level].high)} tokens.`;

function choiceOf(offer: Offer): Choice {
  const { permille, level } = offer;
  switch (offer.type) {
    case "email": {
      const input = el("input", { type: "file", id: "proof-email", accept: ".eml,message/rfc822" });
      return {
        permille, level, input, ...fieldOf(input, "The e-mail, as a file", `It comes from ${offer.domains.join(" or ")}. Save it whole from your mailbox: “save as”, “download message” or “show original”, as a file that ends in .eml.`),
        title: "The e-mail that says your data is ready",
        lines: ["It shows that the platform wrote to your account's mailbox.", "The validator sees the message, and two files of your export that hold your e-mail address."],
        make: () => {
          const message = input.files?.[0];
          if (message === undefined) throw new Error("Choose the file of the e-mail, or another proof.");
          return { type: "email", message };
        },
      };
    }
    case "download": {
      const input = el("input", { type: "url", id: "proof-link", autocomplete: "off", spellcheck: "false" });
      return {
        permille, level, input, ...fieldOf(input, "The download link", `Copied from the platform's message; it leads to ${offer.hosts.join(" or ")}, and it must still work. This page keeps it nowhere.`),
        title: "The platform's download link",
        lines: ["It shows that the platform itself made this export, and that nothing in it was changed.",
          "The validator downloads your export as the platform made it, private files included. It compares the two in its memory and forgets them."],
        make: () => {
          if (input.value.trim() === "") throw new Error("Paste the link, or choose another proof.");
          const url = checkedLink(input.value);
          const { host } = new URL(url);
          if (!offer.hosts.includes(host)) throw new Error(`This link leads to ${host}. The dataset takes links to ${offer.hosts.join(" or ")} alone.`);
          return { type: "download", url };
        },
      };
    }
    case "oauth": {
      const { platform, authorizeUrl } = offer.source;
      const { host } = new URL(authorizeUrl);
      return {
        permille, level,
        title: `A sign-in at ${host}`,
        lines: [`It shows that you can sign in to the account. Once your file is uploaded, ${host} opens in another tab, and you sign in there.`,
          `The validator gets a sign-in that serves once, for the name of your account and nothing more. ${host} learns that this account takes part.`],
        make: () => ({ type: "oauth", platform }),
      };
    }
    case "account_code": {
      const { place, words, url } = offer.source;
      return {
        permille, level,
        title: `A code in ${words}`,
        lines: ["It shows that you can write on the page of the account. You get the code once your file is encrypted.",
          "The validator looks at that page. While the code stands there, everybody can see that this account takes part in a dataset like this one, but not which wallet is yours."],
        make: () => ({ type: "account_code", place, words, url }),
      };
    }
  }
}

const withoutProof = (permille: number): Choice => ({
  permille, level: "structure", title: "Without a proof",
  lines: ["That is all right. The validator sees the cleaned file and nothing more.", "Should somebody prove later that this account is theirs, it is theirs from then on."],
  make: () => undefined,
});

function fieldOf(input: HTMLInputElement, label: string, hint: string): { field: HTMLElement; error: HTMLElement } {
  const error = el("p", { class: "error", role: "alert" });
  return { error, field: el("div", { class: "field" }, el("label", { for: input.id }, label), el("p", { class: "hint", id: `${input.id}-hint` }, hint), error, input) };
}
