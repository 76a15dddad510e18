// What time it is on the chain, which every deadline is in.

/** Seconds that the chain is ahead of the node's clock; only a trial's is, where time can be made to pass. */
const ahead = Number(document.querySelector<HTMLMetaElement>('meta[name="chain-ahead"]')?.content ?? 0);

/** Unix seconds. */
export const chainNow = (): number => Date.now() / 1000 + ahead;
