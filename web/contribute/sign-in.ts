import { sha256 } from "@noble/hashes/sha2.js";
import { base64urlnopad } from "@scure/base";
import { bytesToHex, stringToBytes } from "viem";
import { ExportRefused } from "../exports/refusal.ts";
import { codeVerifier, newSalt } from "./commitment.ts";
import type { SignInSource } from "./policy.ts";
import { sealBundle } from "./proof.ts";
import type { ProofOf } from "./proof.ts";

/** Where a sign-in comes back to: this page of the node (docs/evidence.md). */
export const signInPath = "/sign-in";

const mostCodeLength = 4096;

/** One sign-in at the platform, by this browser: where it goes, and what makes its answer ours. The salt is known to nobody else. */
export interface SignInRequest {
  readonly source: SignInSource;
  readonly redirectUri: string;
  /** Random: an answer to anything else is thrown away. */
  readonly state: string;
  readonly salt: Uint8Array;
  /** For the member's browser. */
  readonly url: string;
}

/** What came back, once it was found to be the answer to what was asked. */
export interface SignInAnswer {
  readonly code: string;
  /** Who answered (RFC 9207); undefined when the platform does not say. */
  readonly issuer: string | undefined;
}

/** The source that a page of this origin can sign in with; the first of a platform counts, as for the validator. */
export function signInHere(sources: readonly SignInSource[], platform: string, origin: string): SignInSource | undefined {
  const source = sources.find((one) => one.platform === platform);
  return source?.redirectPages?.includes(origin + signInPath) === true && isAddress(source.authorizeUrl) ? source : undefined;
}

/** A sign-in for one wallet and one file: authorization code with PKCE (RFC 6749 §4.1, RFC 7636), as SignInRequest of the command line asks for it. */
export function newSignIn(source: SignInSource, of: ProofOf, origin: string): SignInRequest {
  const state = base64urlnopad.encode(crypto.getRandomValues(new Uint8Array(16)));
  const salt = newSalt();
  const redirectUri = origin + signInPath;
  return { source, redirectUri, state, salt, url: signInUrl(source, of, redirectUri, state, salt) };
}

export function signInUrl(source: SignInSource, of: ProofOf, redirectUri: string, state: string, salt: Uint8Array): string {
  const parameters = {
    response_type: "code", client_id: source.clientId, redirect_uri: redirectUri, scope: source.scope, state,
    code_challenge: codeChallenge(of, salt), code_challenge_method: "S256",
  };
  return source.authorizeUrl + (source.authorizeUrl.includes("?") ? "&" : "?") + Object.entries(parameters).map(([name, value]) => `${name}=${escaped(value)}`).join("&");
}

/** RFC 7636 §4.2, `S256`. */
export const codeChallenge = (of: ProofOf, salt: Uint8Array): string => base64urlnopad.encode(sha256(stringToBytes(codeVerifier({ ...of, salt }))));

/** Reads the query with which the browser came back; throws what it is instead of an answer. */
export function readSignIn(query: string, { state, source }: Pick<SignInRequest, "state" | "source">): SignInAnswer {
  const given = new URLSearchParams(query);
  const names = [...given.keys()];
  if (new Set(names).size !== names.length || given.get("state") !== state) throw notOurs();
  const issuer = given.get("iss") ?? undefined;
  // RFC 9207 §2.4. An issuer that the policy does not expect is checked by nobody, so it is not taken for right.
  if (issuer !== undefined && issuer !== source.issuer)
    throw new ExportRefused("evidence.issuer_mixed_up", "The answer came from another provider than the one that was asked.", "Close that tab and sign in again from here.");
  const error = given.get("error");
  if (error !== null)
    throw new ExportRefused("evidence.sign_in_denied", `You were not signed in: ${error === "access_denied" ? "you or the platform said no" : `the platform says “${plain(error)}”`}.`, "Sign in again and allow it, or discard the file and contribute it another way.");
  const code = given.get("code");
  if (code === null || code === "" || code.length > mostCodeLength) throw notOurs();
  return { code, issuer };
}

/** The evidence, sealed to one validator, which alone can make a token of the code: it is told the salt. */
export function sealSignIn({ source, redirectUri, salt }: Pick<SignInRequest, "source" | "redirectUri" | "salt">, { code, issuer }: SignInAnswer, of: ProofOf, validator: string): Promise<Uint8Array> {
  const item = { type: "oauth", platform: source.platform, code, salt: bytesToHex(salt), redirectUri };
  return sealBundle({ version: 1, ciphertextDigest: of.ciphertextDigest, items: [issuer === undefined ? item : { ...item, issuer }] }, validator);
}

/** What stands in the policy is a vote's word, but no link of ours ever leads to a script. */
const isAddress = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "https:" || (url?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname));
};

/** All but the unreserved characters of RFC 3986, which is more than encodeURIComponent escapes. */
const escaped = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const plain = (error: string): string => error.slice(0, 40).replace(/[^A-Za-z0-9_]/g, "?");

const notOurs = (): ExportRefused => new ExportRefused("evidence.sign_in_not_ours", "What came back is not the answer to this sign-in.", "Sign in again from here.");
