/**
 * Passkeys as the lock of an account: the authenticator computes a secret that only it can (WebAuthn level 3, PRF extension),
 * HKDF makes an AES key of it, and that key seals the account. The passkey signs nothing and is known to no server.
 */
import { wipe } from "./secrets.ts";

export interface PasskeyLock {
  credentialId: Uint8Array;
  /** What the authenticator is asked about: 32 random bytes, a fresh one for each account. */
  salt: Uint8Array;
}

/** Why a passkey cannot be used here; said to the person as it is. */
export class PasskeyUnusable extends Error {
  override readonly name = "PasskeyUnusable";
}

const CONTEXT = "commonhold/v1/passkey: seals an account's keys";

/** Undefined where the browser does not say beforehand. */
export async function isPasskeyPossible(): Promise<boolean | undefined> {
  if (typeof PublicKeyCredential === "undefined" || !isSecureContext) return false;
  const asked = (PublicKeyCredential as { getClientCapabilities?: () => Promise<Record<string, boolean>> }).getClientCapabilities;
  const capabilities = await asked?.call(PublicKeyCredential).catch(() => undefined);
  return capabilities?.["extension:prf"];
}

/** Makes a passkey on the authenticator that the person chooses, and gives its key for sealing. */
export async function createPasskey(label: string): Promise<{ lock: PasskeyLock; key: CryptoKey }> {
  const salt = random(32);
  const credential = await navigator.credentials.create({
    publicKey: {
      rp: { id: location.hostname, name: "Commonhold" },
      user: { id: random(16), name: label, displayName: label },
      challenge: random(32), // Nobody checks an attestation: this passkey proves nothing to anybody, it only computes.
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }, { type: "public-key", alg: -8 }],
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
      extensions: { prf: { eval: { first: salt } } },
    },
  }).catch(explain) as PublicKeyCredential;
  const lock = { credentialId: new Uint8Array(credential.rawId), salt };
  const { prf } = credential.getClientExtensionResults();
  if (prf?.results?.first !== undefined) return { lock, key: await sealingKey(prf.results.first) };
  if (prf?.enabled !== true) {
    throw new PasskeyUnusable("A passkey was made, but this device or password manager cannot lock keys with it (it lacks an extension called PRF). "
      + "You can delete that passkey. Hold the account with a passphrase instead: it is as safe if the passphrase is.");
  }
  return { lock, key: await openPasskey(lock) }; // Some authenticators compute only when they are asked a second time.
}

/** Asks for the touch, the face or the PIN, and gives the same key again. */
export async function openPasskey({ credentialId, salt }: PasskeyLock): Promise<CryptoKey> {
  const credential = await navigator.credentials.get({
    publicKey: {
      rpId: location.hostname,
      challenge: random(32),
      allowCredentials: [{ type: "public-key", id: credentialId as BufferSource }],
      userVerification: "required",
      extensions: { prf: { eval: { first: salt as BufferSource } } },
    },
  }).catch(explain) as PublicKeyCredential;
  const secret = credential.getClientExtensionResults().prf?.results?.first;
  if (secret === undefined) throw new PasskeyUnusable("The passkey answered without the secret that opens this account. Use the device or password manager that it was made with, or restore your backup.");
  return sealingKey(secret);
}

// RFC 5869: the input is uniformly random already, so no salt; the context keeps this key apart from any other made of the same secret.
async function sealingKey(secret: BufferSource): Promise<CryptoKey> {
  const bytes = ArrayBuffer.isView(secret) ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength) : new Uint8Array(secret);
  try {
    const material = await crypto.subtle.importKey("raw", bytes as BufferSource, "HKDF", false, ["deriveKey"]);
    return await crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: new TextEncoder().encode(CONTEXT) },
      material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  } finally {
    wipe(bytes);
  }
}

/** The person's own "no" and a missing passkey look alike to a page, on purpose of the browsers. */
function explain(problem: unknown): never {
  if (problem instanceof DOMException && (problem.name === "NotAllowedError" || problem.name === "AbortError")) {
    throw new PasskeyUnusable("The passkey was not used: it was cancelled, it took too long, or it is not on this device.");
  }
  if (problem instanceof DOMException && problem.name === "SecurityError") {
    throw new PasskeyUnusable("Passkeys need a name as address, not a number, and a safe connection: open this node as http://localhost or over https.");
  }
  throw problem;
}

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
