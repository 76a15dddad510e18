import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Identity, Stanza } from "age-encryption";
import { isEqual } from "./hex.ts";
import { lagrangeAtZero, parsePoint, times, toMontgomery } from "./points.ts";
import type { GroupPoint } from "./points.ts";
import { OpeningRefused, WrongAnswer } from "./refusal.ts";
import type { ThresholdKey } from "./threshold-key.ts";

/** Guardian i's answer P_i = s_i·E: an encoded point, not yet checked. t of them open a file, so they are as secret as the file. */
export interface Answer {
  readonly guardian: number;
  readonly point: Uint8Array;
}

const info = new TextEncoder().encode("age-encryption.org/v1/X25519");

/**
 * Opens one file of a dataset from t guardians' answers, as an identity of age v1; the dataset's private key is never formed.
 *
 * Flow: share E of the dataset's stanza → answers P_i = s_i·E → Σ λ_i·P_i = d·E → its u-coordinate is the X25519 shared secret.
 * Combining cannot see a wrong answer; unwrapping fails then with `WrongAnswer`.
 */
export class ThresholdIdentity implements Identity {
  readonly #key: ThresholdKey;
  readonly #share: Uint8Array;
  readonly #answers: readonly Answer[];

  constructor(key: ThresholdKey, share: Uint8Array, answers: readonly Answer[]) {
    [this.#key, this.#share, this.#answers] = [key, share, answers];
  }

  unwrapFileKey(stanzas: Stanza[]): Uint8Array | null {
    const own = stanzas.find((stanza) => stanza.args[0] === "X25519" && stanza.args.length === 2 && isOfShare(stanza.args[1]!, this.#share));
    if (own === undefined) return null;
    // The exact length keeps a stanza from being opened under several keys at once.
    if (own.body.length !== 32) throw new OpeningRefused("age.malformed_header", "An X25519 stanza's body is not 32 bytes.");
    const secret = combine(this.#key, this.#answers);
    const salt = new Uint8Array(64);
    salt.set(this.#share);
    salt.set(this.#key.recipient, 32);
    const wrapKey = hkdf(sha256, secret, salt, info, 32);
    try {
      return chacha20poly1305(wrapKey, new Uint8Array(12)).decrypt(own.body);
    } catch {
      throw new WrongAnswer("The answers do not open the file: one of them is wrong, or the file is not for this dataset.");
    } finally {
      wrapKey.fill(0);
      secret.fill(0);
    }
  }
}

/** The X25519 shared secret from the first t answers of different guardians. */
export function combine(key: ThresholdKey, answers: readonly Answer[]): Uint8Array<ArrayBuffer> {
  const chosen = answers.filter((answer, at) => answers.findIndex((other) => other.guardian === answer.guardian) === at).slice(0, key.threshold);
  if (chosen.length < key.threshold)
    throw new OpeningRefused("age.too_few_answers", `${chosen.length} guardians answered; ${key.threshold} of ${key.guardians} are needed.`, "Try again when more of them are up.");
  const indices = chosen.map((answer) => answer.guardian);
  let sum: GroupPoint | undefined;
  for (const answer of chosen) {
    const point = answer.guardian >= 1 && answer.guardian <= key.guardians ? parsePoint(answer.point) : undefined;
    if (point === undefined) throw new WrongAnswer(`Guardian ${answer.guardian} answered with something that is not a point.`);
    const term = times(point, lagrangeAtZero(answer.guardian, indices));
    sum = sum === undefined ? term : sum.add(term);
  }
  // True answers never add up to the identity: d·E is no identity, and part of them are as good as random.
  if (sum === undefined || sum.is0()) throw new WrongAnswer("The answers cancel each other: one of them is wrong.");
  return toMontgomery(sum);
}

/** Whether a stanza's argument is the given share in the only spelling that age has for it: base64 without padding. */
function isOfShare(argument: string, share: Uint8Array): boolean {
  if (!/^[A-Za-z0-9+/]{43}$/.test(argument)) return false;
  const bytes = Uint8Array.from(atob(argument), (c) => c.charCodeAt(0));
  return isEqual(bytes, share) && btoa(String.fromCharCode(...bytes)).replace("=", "") === argument;
}
