/**
 * Between the page that a sign-in comes back to and the page that asked for it: tabs of one browser and one origin, and nothing is kept.
 *
 * The answer is given to whoever of our own pages has asked with this state; it is worth nothing to the others, who do not know the salt.
 */
type Message =
  | { readonly kind: "waiting" }
  | { readonly kind: "answer"; readonly query: string }
  | { readonly kind: "taken"; readonly query: string; readonly isGood: boolean };

const open = (): BroadcastChannel => new BroadcastChannel("commonhold/sign-in");

/**
 * Hears the answers that come back. `take` says whether one was good, bad, or (undefined) not the one that is waited for.
 * Returns what ends it.
 */
export function hearAnswers(take: (query: string) => boolean | undefined): () => void {
  const channel = open();
  channel.onmessage = ({ data }: MessageEvent<Message>): void => {
    if (data.kind !== "answer") return;
    const isGood = take(data.query);
    if (isGood !== undefined) channel.postMessage({ kind: "taken", query: data.query, isGood } satisfies Message);
  };
  // A tab that was asleep, as those of phones are, may have missed it.
  const ask = (): void => channel.postMessage({ kind: "waiting" } satisfies Message);
  document.addEventListener("visibilitychange", ask);
  ask();
  return () => {
    document.removeEventListener("visibilitychange", ask);
    channel.close();
  };
}

/** Hands an answer over, as soon as somebody waits for it. `taken` hears once whether it was good. */
export function handOver(query: string, taken: (isGood: boolean) => void): void {
  const channel = open();
  const give = (): void => channel.postMessage({ kind: "answer", query } satisfies Message);
  channel.onmessage = ({ data }: MessageEvent<Message>): void => {
    if (data.kind === "waiting") give();
    if (data.kind !== "taken" || data.query !== query) return;
    channel.close();
    taken(data.isGood);
  };
  give();
}
