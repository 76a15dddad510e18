/**
 * A person's account on this device: made here, sealed here, opened for one act and forgotten.
 *
 * Guarantee: the keys of an account leave this module only as signatures, inside the one call of `withIdentity`, or sealed in a backup.
 * Trust: this browser, and the scripts that it runs, which the node served: a page is held to their digests, the page itself by nobody.
 * Flow: `/account` makes or restores one (manage.ts) → every act opens it in a dialog (unlock.ts) → the bytes are wiped.
 */
import type { AccountRecord, Signer } from "./account.ts";
import { load, onChangeElsewhere } from "./store.ts";
import { withKeys, withSignerOf } from "./unlock.ts";

export { Cancelled, NoAccount, type AccountRecord, type Signer } from "./account.ts";
export { KeyFileRefused } from "./key-file.ts";
export { onChangeElsewhere };

export async function currentAccount(): Promise<AccountRecord | undefined> {
  const stored = await load();
  if (stored === undefined) return undefined;
  const { seal, ...record } = stored;
  return record;
}

/**
 * Shows `sentence` ("Vote for: let … read …"), asks for the passkey, the passphrase or the wallet, runs `act`, and wipes the key.
 * @throws Cancelled NoAccount
 */
export const withSigner = <T>(sentence: string, act: (signer: Signer) => Promise<T>): Promise<T> => withSignerOf("Confirm this", sentence, act);

/**
 * As `withSigner`, for reading: `act` is given the account's age identity (AGE-SECRET-KEY-1…).
 * @throws Cancelled NoAccount
 */
export const withIdentity = <T>(sentence: string, act: (identity: string) => Promise<T>): Promise<T> =>
  withKeys("Open with your key", sentence, (keys) => act(keys.kind === "member" ? keys.secrets.identity : keys.identity));
