// What a member decrypted to save it lies in clear in the browser's private file system ("opened" there) while the tab that did it is open.
// A tab that is killed cannot tidy up after itself: its lock ends with it, and the next page of the node that is opened clears what it left.
const lock = "commonhold-opened";

/** Until this tab is gone, no other clears what it decrypted. */
export const holdOpened = (): Promise<void> =>
  new Promise((resolve, reject) => {
    if (navigator.locks === undefined) return resolve();
    navigator.locks.request(lock, { mode: "shared" }, () => {
      resolve();
      return new Promise<never>(() => {});
    }).catch(reject);
  });

/** Removes what was decrypted, unless a tab still holds it. */
export async function clearOpened(): Promise<void> {
  await navigator.locks?.request(lock, { ifAvailable: true }, async (free) => {
    // Nothing there is the usual case.
    if (free !== null) await (await navigator.storage.getDirectory()).removeEntry("opened", { recursive: true }).catch(() => undefined);
  });
}
