/** Which DAO this address of the web served at the first visit: another one later is refused until a person says otherwise. */
import type { Address } from "viem";

const KEY = "commonhold.dao";

export interface RememberedDao {
  chainId: number;
  dao: Address;
}

export function rememberedDao(): RememberedDao | undefined {
  const text = localStorage.getItem(KEY);
  return text === null ? undefined : (JSON.parse(text) as RememberedDao);
}

export function rememberDao({ chainId, dao }: RememberedDao): void {
  localStorage.setItem(KEY, JSON.stringify({ chainId, dao }));
}

/** For the one who knows that the DAO was made anew, as on a trial. The next visit counts as the first. */
export function forgetRememberedDao(): void {
  localStorage.removeItem(KEY);
}
