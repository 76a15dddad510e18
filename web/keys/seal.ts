/** Sealing an account's keys for this browser, and opening them again. */
import type { Address } from "viem";
import type { AccountRecord } from "./account.ts";
import { KeyFileRefused, openKeyFile, sealKeyFile, WORK_FACTOR, workFactorOf, type KeyFile } from "./key-file.ts";
import { openPasskey, type PasskeyLock } from "./passkey.ts";
import { addressOf, recipientOf, wipe, type Secrets } from "./secrets.ts";
import type { Seal, StoredAccount } from "./store.ts";

/** @param already a file of these keys that this passphrase opens: kept as it is, unless guessing at it is cheaper than at one of ours. */
export async function sealByPassphrase(secrets: Secrets, passphrase: string, already?: Uint8Array): Promise<Seal> {
  if (already !== undefined && workFactorOf(already) >= WORK_FACTOR) return { kind: "passphrase", file: already };
  return { kind: "passphrase", file: await sealKeyFile({ kind: "member", secrets }, passphrase) };
}

export async function sealByPasskey(secrets: Secrets, record: AccountRecord, lock: PasskeyLock, key: CryptoKey): Promise<Seal> {
  const content = new Uint8Array(32 + secrets.identity.length);
  content.set(secrets.account);
  content.set(new TextEncoder().encode(secrets.identity), 32);
  try {
    return { kind: "passkey", lock, ...(await encrypt(key, content, record)) };
  } finally {
    wipe(content);
  }
}

/** A wallet keeps the account's key; the identity that reads is made here and kept under a key that no script can take out of this browser. */
export async function sealByBrowser(identity: string, record: AccountRecord, wallet: { rdns: string; name: string }): Promise<Seal> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const content = new TextEncoder().encode(identity);
  try {
    return { kind: "wallet", rdns: wallet.rdns, name: wallet.name, key, ...(await encrypt(key, content, record)) };
  } finally {
    wipe(content);
  }
}

/** @param passphrase asked for before, where the seal is one. Wipe the account key afterwards. */
export async function openSeal(stored: StoredAccount, passphrase: string): Promise<KeyFile> {
  const { seal } = stored;
  if (seal.kind === "passphrase") return same(stored, await openKeyFile(seal.file, passphrase));
  const content = await decrypt(seal.kind === "passkey" ? await openPasskey(seal.lock) : seal.key, seal, stored);
  try {
    if (seal.kind === "wallet") return { kind: "reader", address: stored.address, identity: new TextDecoder().decode(content) };
    return await same(stored, { kind: "member", secrets: { account: content.slice(0, 32), identity: new TextDecoder().decode(content.subarray(32)) } });
  } finally {
    wipe(content);
  }
}

async function same(stored: StoredAccount, file: KeyFile): Promise<KeyFile> {
  if (file.kind === "member" && addressOf(file.secrets.account) === stored.address && (await recipientOf(file.secrets.identity)) === stored.recipient) return file;
  if (file.kind === "member") wipe(file.secrets.account);
  throw new KeyFileRefused("key.invalid", "What is kept here are not the keys of this account.");
}

interface Sealed {
  nonce: Uint8Array;
  ciphertext: Uint8Array;
}

async function encrypt(key: CryptoKey, content: Uint8Array, record: AccountRecord): Promise<Sealed> {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const ciphertext = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: boundTo(record) }, key, content as BufferSource);
  return { nonce, ciphertext: new Uint8Array(ciphertext) };
}

async function decrypt(key: CryptoKey, { nonce, ciphertext }: Sealed, record: AccountRecord): Promise<Uint8Array> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce as BufferSource, additionalData: boundTo(record) }, key, ciphertext as BufferSource));
  } catch {
    throw new KeyFileRefused("key.invalid", "What this browser keeps of the account does not open. Restore your backup.");
  }
}

/** What is shown of the account is what its keys were sealed for. */
const boundTo = ({ address, recipient }: { address: Address; recipient: string }) => new TextEncoder().encode(`${address} ${recipient}`) as BufferSource;
