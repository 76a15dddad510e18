/** What this browser keeps of the account: its public side, and its keys sealed. One account at a time; all tabs see the same. */
import type { AccountRecord } from "./account.ts";
import type { PasskeyLock } from "./passkey.ts";

/** How the keys are sealed, by the record's kind. */
export type Seal =
  | { kind: "passkey"; lock: PasskeyLock; nonce: Uint8Array; ciphertext: Uint8Array }
  | { kind: "passphrase"; file: Uint8Array }
  | { kind: "wallet"; rdns: string; name: string; key: CryptoKey; nonce: Uint8Array; ciphertext: Uint8Array };

export interface StoredAccount extends AccountRecord {
  seal: Seal;
}

const DATABASE = "commonhold-account";
const STORE = "account";
const ONLY = "current";
const channel = new BroadcastChannel("commonhold-account");

export async function load(): Promise<StoredAccount | undefined> {
  return run("readonly", (store) => store.get(ONLY)) as Promise<StoredAccount | undefined>;
}

/** Keeps a new account. Another tab may have made one meanwhile, and that one's keys may be nowhere else. */
export async function add(account: StoredAccount): Promise<void> {
  await run("readwrite", (store) => store.add(account, ONLY)).catch((problem: unknown) => {
    throw problem instanceof DOMException && problem.name === "ConstraintError"
      ? new Error("There is an account in this browser already, made in another tab. Reload the page to see it.") : problem;
  });
  await kept();
}

/** Keeps what changed of the account that is there. */
export async function save(account: StoredAccount): Promise<void> {
  await run("readwrite", (store) => store.put(account, ONLY));
  await kept();
}

async function kept(): Promise<void> {
  // Without a word from the browser it may drop this when the disk is full.
  await navigator.storage?.persist?.().catch(() => false);
  channel.postMessage("changed");
}

export async function remove(): Promise<void> {
  await run("readwrite", (store) => store.delete(ONLY));
  channel.postMessage("changed");
}

/** Another tab made, restored or forgot the account. */
export function onChangeElsewhere(act: () => void): void {
  channel.addEventListener("message", act);
}

async function run(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject((request.readyState === "done" ? request.error : null) ?? transaction.error ?? new Error("This browser refused to keep the account."));
    });
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("This browser keeps nothing for this page (a private window?)."));
  });
}
