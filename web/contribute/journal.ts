import type { Address, Hex } from "viem";
import type { CodeTask } from "./proof.ts";
import type { ContributionTerms, Registry } from "./terms.ts";

/** A contribution that is not done: what a page needs to go on with it. Nothing in it is secret: the ticket is sealed to its validator. */
export interface Unfinished {
  readonly id: string;
  readonly registry: Registry;
  readonly owner: Address;
  /** The ciphertext's name in the browser's private file system. */
  readonly file: string;
  readonly ciphertextDigest: Hex;
  readonly size: number;
  readonly ephemeralShare: Hex;
  readonly schema: Hex;
  readonly keyEpoch: number;
  readonly validator: Address;
  readonly ticket: Uint8Array;
  readonly evidence?: Uint8Array | undefined;
  /** What the member puts on the account's page before signing. */
  readonly code?: CodeTask | undefined;
  /** The platform that the member signs in at before signing. What comes back is kept nowhere: it lives for minutes. */
  readonly signInAt?: string | undefined;
  /** Set once the member has signed. */
  readonly signed?: SignedTerms | undefined;
  /** The node has taken it in; what is awaited is the verdict. */
  readonly isSubmitted: boolean;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
}

export interface SignedTerms {
  readonly terms: ContributionTerms;
  readonly signature: Hex;
}

/** What the member signed of a contribution that was judged: half of its receipt, which only this browser has. */
export interface KeptTerms extends SignedTerms {
  readonly digest: Hex;
  readonly registry: Registry;
}

/** One contribution at a time for each account of a DAO. */
export const journalId = (registry: Registry, owner: Address): string => `${registry.chainId}/${registry.address}/${owner}`.toLowerCase();

const unfinished = "unfinished";
const terms = "terms";

/** Kept in IndexedDB, so that a closed tab or a crash costs nothing. */
export const journal = {
  read: (id: string): Promise<Unfinished | undefined> => run(unfinished, "readonly", (store) => store.get(id) as IDBRequest<Unfinished | undefined>),
  write: (entry: Unfinished): Promise<unknown> => run(unfinished, "readwrite", (store) => store.put(entry)),
  forget: (id: string): Promise<unknown> => run(unfinished, "readwrite", (store) => store.delete(id)),
  /** Of all accounts. */
  all: (): Promise<Unfinished[]> => run(unfinished, "readonly", (store) => store.getAll() as IDBRequest<Unfinished[]>),

  keepTerms: (kept: KeptTerms): Promise<unknown> => run(terms, "readwrite", (store) => store.put(kept)),
  termsOf: (digest: Hex): Promise<KeptTerms | undefined> => run(terms, "readonly", (store) => store.get(digest) as IDBRequest<KeptTerms | undefined>),
};

async function run<T>(name: string, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const request = act(transaction.objectStore(name));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = (): void => resolve();
      transaction.onabort = transaction.onerror = (): void => reject(transaction.error);
    });
    return request.result;
  } finally {
    database.close();
  }
}

const open = (): Promise<IDBDatabase> => new Promise((resolve, reject) => {
  const request = indexedDB.open("commonhold-contribute", 1);
  request.onupgradeneeded = (): void => {
    request.result.createObjectStore(unfinished, { keyPath: "id" });
    request.result.createObjectStore(terms, { keyPath: "digest" });
  };
  request.onsuccess = (): void => resolve(request.result);
  request.onerror = (): void => reject(request.error);
});
