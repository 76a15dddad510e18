/** The fields in which a passphrase is chosen, with a hint that does not pretend to know more than it can. */
import { el } from "../shared/dom.ts";

export const LEAST_LENGTH = 10;

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's: nothing that looks like something else. 32 signs, so 5 bits each.
const GROUPS = 5;

/** 100 random bits: `k3vd-9mtq-…`. Beyond any guessing, short enough to write down. */
export function suggestedPassphrase(): string {
  const signs = [...crypto.getRandomValues(new Uint8Array(GROUPS * 4))].map((byte) => ALPHABET[byte & 31]);
  return Array.from({ length: GROUPS }, (_, i) => signs.slice(i * 4, i * 4 + 4).join("")).join("-");
}

export interface PassphraseFields {
  nodes: Node[];
  /** @throws a sentence for the person. */
  value(): string;
}

/** @param name makes the ids of this form's fields. */
export function passphraseFields(name: string, what: string): PassphraseFields {
  const first = el("input", { type: "password", id: `${name}-passphrase`, autocomplete: "new-password", required: true, minlength: LEAST_LENGTH, "aria-describedby": `${name}-hint` });
  const second = el("input", { type: "password", id: `${name}-repeat`, autocomplete: "new-password", required: true });
  const hint = el("p", { id: `${name}-hint`, class: "hint", "aria-live": "polite" }, hintFor(""));
  const suggestion = el("p", { class: "notice good", hidden: true });
  const suggest = el("button", { type: "button", class: "quiet small", onclick: () => {
    const made = suggestedPassphrase();
    first.value = second.value = made;
    suggestion.replaceChildren(el("strong", {}, "Write this down now: "), el("code", { "data-suggested": true }, made), " It was made at random and has been filled in. It is shown only here.");
    suggestion.hidden = false;
    hint.textContent = hintFor(made, true);
  } }, "Suggest one");
  first.addEventListener("input", () => {
    suggestion.hidden = true;
    hint.textContent = hintFor(first.value);
  });
  return {
    nodes: [
      el("div", { class: "field" }, el("label", { for: first.id }, what), hint, first),
      el("div", { class: "field" }, el("label", { for: second.id }, "The same again"), second),
      el("div", { class: "actions" }, suggest), suggestion,
    ],
    value() {
      if (first.value.length < LEAST_LENGTH) throw new Error(`Use at least ${LEAST_LENGTH} characters. Four or five random words are good.`);
      if (first.value !== second.value) throw new Error("The two are not the same.");
      return first.value;
    },
  };
}

/** Length is all that a page can measure; whether words are random only their author knows. */
function hintFor(passphrase: string, isSuggested = false): string {
  if (isSuggested) return "Random, so nobody will guess it: 2 to the power of 100 possibilities, each try taking about a second.";
  const length = [...passphrase].length;
  if (length === 0) return "Four or five random words, or more than ten random characters. Whoever gets the file can try about one a second on one computer, and there are many computers.";
  if (length < LEAST_LENGTH) return `${length} characters: too short. Such a passphrase is guessed in hours.`;
  if (length < 16) return `${length} characters: enough only if they are random. A word, a name or a date with some digits is guessed soon.`;
  return `${length} characters: good if they are random words or signs. A quotation is not random, however long; this page cannot tell.`;
}
