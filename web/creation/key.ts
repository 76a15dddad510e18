// The one-purpose key of a creation, kept in this browser until the DAO stands, and then forgotten.
import { hexToBytes, toHex, type Address, type Hex } from "viem";
import { addressOf } from "../keys/secrets.ts";
import type { CreationPlan } from "./plan.ts";
import type { Typed, TypedFields, TypedStep } from "./typed.ts";

/** A creation under way: enough to go on after the tab was closed, whatever the draft says by then. */
export interface Creation {
  /** It owns nothing but gas money and gets no power over the DAO; whoever took it from this browser could take that money, no more. */
  readonly key: Hex;
  readonly plan: CreationPlan;
  /** No event of the DAO is older. */
  readonly firstBlock: number;
  /** Where gas money that is left over goes; the DAO's timelock when nobody else is known. */
  readonly refundTo: Address;
}

/** A creation that is over: its key is gone, and dao.json can still be taken. */
export interface Created {
  readonly created: true;
  readonly name: string;
  readonly dao: Address;
  /** The text of dao.json. */
  readonly file: string;
}

const databaseName = "commonhold-creation";
const store = "creation";
const only = "now";
const asTyped = "typed";

export function newKey(): { key: Hex; address: Address } {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return { key: toHex(bytes), address: addressOf(bytes) };
}

export const addressOfKey = (key: Hex): Address => addressOf(hexToBytes(key));

export const load = (): Promise<Creation | Created | undefined> => within("readonly", (objects) => objects.get(only) as IDBRequest<Creation | Created | undefined>);

export const save = (creation: Creation): Promise<unknown> => within("readwrite", (objects) => objects.put(creation, only));

/** Takes the key's place, so that it is gone. */
export const finish = async ({ plan, firstBlock }: Creation): Promise<Created> => {
  const { chainId, contracts, settings } = plan;
  const file = `${JSON.stringify({ chainId, firstBlock, contracts, settings, version: 1 }, null, 2)}\n`;
  const created: Created = { created: true, name: settings.name, dao: contracts.dao, file };
  await within("readwrite", (objects) => objects.put(created, only));
  return created;
};

/** What was typed on the pages of the form, as this browser saw it. */
export const typedHere = async (): Promise<Typed> => ((await within("readonly", (objects) => objects.get(asTyped))) as Typed | undefined) ?? {};

export const rememberTyped = async (step: TypedStep, fields: TypedFields): Promise<void> => {
  const typed = { ...(await typedHere()), [step]: fields };
  await within("readwrite", (objects) => objects.put(typed, asTyped));
};

export const forgetTyped = (): Promise<unknown> => within("readwrite", (objects) => objects.delete(asTyped));

/** For another creation. */
export const forget = (): Promise<unknown> => within("readwrite", (objects) => objects.delete(only));

async function within<T>(mode: IDBTransactionMode, act: (objects: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await promise(openDatabase());
  try {
    const transaction = database.transaction(store, mode, { durability: "strict" });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("This browser did not keep it."));
    });
    const result = await promise(act(transaction.objectStore(store)));
    await done;
    return result;
  } finally {
    database.close();
  }
}

function openDatabase(): IDBOpenDBRequest {
  const request = indexedDB.open(databaseName, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(store);
  return request;
}

function promise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("This browser keeps no databases here."));
  });
}
