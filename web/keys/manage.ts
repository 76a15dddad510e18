/** Making, restoring, backing up and forgetting the account of this browser; what the account page does, without its elements. */
import type { Address } from "viem";
import { verifiedDao } from "../chain/index.ts";
import { installedWallets, type Wallet } from "../wallet/index.ts";
import type { AccountRecord, Signer } from "./account.ts";
import { KeyFileRefused, openKeyFile, sealKeyFile, type KeyFile } from "./key-file.ts";
import { createPasskey } from "./passkey.ts";
import { sealByBrowser, sealByPasskey, sealByPassphrase } from "./seal.ts";
import { addressOf, newSecrets, recipientOf, signMessage, wipe, type Secrets } from "./secrets.ts";
import { signIn } from "./session.ts";
import { add, load, remove, save, type Seal } from "./store.ts";
import { withKeys, withSignerOf } from "./unlock.ts";

export type Lock = { kind: "passkey" } | { kind: "passphrase"; passphrase: string };

/** Makes an account, keeps it sealed, and signs it in while it is open. */
export async function createAccount(lock: Lock): Promise<AccountRecord> {
  return keep(await newSecrets(), lock, false);
}

/** @throws KeyFileRefused */
export async function restoreAccount(file: Uint8Array, passphrase: string, lock: Lock): Promise<AccountRecord> {
  const opened = await openKeyFile(file, passphrase);
  if (opened.kind === "member") return keep(opened.secrets, lock, true, lock.kind === "passphrase" && lock.passphrase === passphrase ? file : undefined);
  const wallet = await walletOf(opened.address);
  return keepWallet(wallet, opened.address, opened.identity, true);
}

/** The wallet signs; the identity that opens files is made here. */
export async function createWithWallet(wallet: Wallet): Promise<AccountRecord> {
  const address = await wallet.connect();
  const { account, identity } = await newSecrets();
  wipe(account);
  return keepWallet(wallet, address, identity, false);
}

export interface Backup {
  name: string;
  bytes: Uint8Array;
}

/** The account's keys in a file of the command line's kind. An account that a passphrase seals is that file already. */
export async function makeBackup(passphrase: string | undefined): Promise<Backup> {
  const stored = await load();
  if (stored === undefined) throw new Error("There is no account in this browser.");
  const name = `commonhold-${stored.address.slice(0, 10).toLowerCase()}.age`;
  if (stored.seal.kind === "passphrase" && passphrase === undefined) return { name, bytes: stored.seal.file };
  return withKeys("Make a backup", "Write both keys of your account into a file that only your backup's passphrase opens.", async (keys) =>
    ({ name, bytes: await sealKeyFile(keys, passphrase ?? nothing()) }));
}

/** Opens the file and compares; only then the account counts as backed up. @throws KeyFileRefused */
export async function proveBackup(file: Uint8Array, passphrase: string): Promise<void> {
  const opened = await openKeyFile(file, passphrase);
  const stored = await load();
  if (stored === undefined) throw new Error("There is no account in this browser.");
  const [address, recipient] = await publicSide(opened);
  if (opened.kind === "member") wipe(opened.secrets.account);
  if (address !== stored.address || recipient !== stored.recipient) {
    throw new KeyFileRefused("key.invalid", `The file opens, but it is the backup of another account: ${address}. Yours is ${stored.address}.`);
  }
  await save({ ...stored, backedUp: true });
}

export const forgetAccount = remove;

/** Signs in with the account of this browser, in a dialog. */
export async function signInHere(): Promise<void> {
  const { chainId } = await verifiedDao();
  await withSignerOf("Sign in", "Sign in to this site, so that pages can show what is yours. This moves nothing and costs nothing.",
    (signer: Signer) => signIn(signer.address, chainId, (message) => signer.signMessage(message)));
}

async function keep(secrets: Secrets, lock: Lock, backedUp: boolean, sealedAlready?: Uint8Array): Promise<AccountRecord> {
  try {
    const record: AccountRecord = { address: addressOf(secrets.account), kind: lock.kind, recipient: await recipientOf(secrets.identity), createdAt: now(), backedUp };
    await add({ ...record, seal: await sealWith(secrets, record, lock, sealedAlready) });
    // Being signed in is a comfort: an account that the node could not sign in just now is an account all the same.
    await verifiedDao().then(({ chainId }) => signIn(record.address, chainId, async (message) => signMessage(message, secrets.account))).catch(() => undefined);
    return record;
  } finally {
    wipe(secrets.account);
  }
}

async function sealWith(secrets: Secrets, record: AccountRecord, lock: Lock, sealedAlready: Uint8Array | undefined): Promise<Seal> {
  if (lock.kind === "passphrase") return sealByPassphrase(secrets, lock.passphrase, sealedAlready);
  const passkey = await createPasskey(`Commonhold ${record.address.slice(0, 6)}…${record.address.slice(-4)}`);
  return sealByPasskey(secrets, record, passkey.lock, passkey.key);
}

async function keepWallet(wallet: Wallet, address: Address, identity: string, backedUp: boolean): Promise<AccountRecord> {
  await wallet.useChainOf(await verifiedDao());
  const record: AccountRecord = { address, kind: "wallet", recipient: await recipientOf(identity), createdAt: now(), backedUp };
  await add({ ...record, seal: await sealByBrowser(identity, record, wallet) });
  return record;
}

async function walletOf(address: Address): Promise<Wallet> {
  for (const wallet of await installedWallets()) if ((await wallet.connect()) === address) return wallet;
  throw new Error(`This backup belongs to the wallet account ${address}. Install that wallet in this browser, choose the account in it, and try again.`);
}

async function publicSide(file: KeyFile): Promise<[Address, string]> {
  return file.kind === "member" ? [addressOf(file.secrets.account), await recipientOf(file.secrets.identity)] : [file.address, await recipientOf(file.identity)];
}

function nothing(): never {
  throw new Error("A backup needs a passphrase.");
}

const now = () => Math.floor(Date.now() / 1000);
