// Keeps what a page shows up to date. Elements with `data-live="topic …"` and an id are replaced by the same element of the page as
// the server renders it now; the node's events (GET /v1/events) say when. Nothing on a page but that attribute is needed.

export type Topic = "head" | "proposals" | "contributions" | "requests" | "revenue" | "releases" | "relay";

interface Changed {
  readonly topics: readonly Topic[];
}

const everything: readonly Topic[] = ["head", "proposals", "contributions", "requests", "revenue", "releases", "relay"];
const listeners = new Set<(topics: ReadonlySet<Topic>) => void>();
const pending = new Set<Topic>();
let source: EventSource | undefined;
let started = false;
let heard = false;
let refreshing = false;
/** What the server last gave for an element, untouched by scripts: an element is swapped only when this changes. */
const served = new Map<string, Node>();

/** Calls back after changes of these kinds, and ends when the returned function is called. */
export function onChange(topics: readonly Topic[], act: () => void): () => void {
  const listener = (changed: ReadonlySet<Topic>): void => {
    if (topics.some((topic) => changed.has(topic))) act();
  };
  listeners.add(listener);
  listen();
  return () => listeners.delete(listener);
}

/** Starts when the page has something that lives. */
export function keepLive(): void {
  if (liveElements().length === 0) return;
  for (const element of liveElements()) served.set(element.id, element.cloneNode(true));
  listeners.add((topics) => {
    for (const topic of topics) pending.add(topic);
    void refresh();
  });
  listen();
}

/** Fetches the page again and swaps what lives, whatever the topics: for a page that has just done something. */
export async function refreshNow(): Promise<void> {
  for (const element of liveElements()) for (const topic of topicsOf(element)) pending.add(topic);
  await refresh();
}

/** Listens while the page is seen: browsers open six connections to one host, and hidden pages would use them up. */
function listen(): void {
  if (started) return;
  started = true;
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  connect();
}

function connect(): void {
  if (source !== undefined || document.hidden) return;
  const opening = new EventSource("/v1/events");
  source = opening;
  opening.addEventListener("open", () => {
    // What happened while nobody listened is caught up by one refresh; at first that is the moment between the page and this.
    if (heard) tell(new Set(everything));
    else void refreshNow();
    heard = true;
  });
  opening.addEventListener("changed", (event) => tell(new Set((JSON.parse((event as MessageEvent<string>).data) as Changed).topics)));
  opening.addEventListener("error", () => {
    // The browser itself connects again when a connection breaks; it gives up when the node, or what stands before it, answers with an error.
    if (opening.readyState !== EventSource.CLOSED) return;
    disconnect();
    setTimeout(connect, 10_000);
  });
}

function disconnect(): void {
  source?.close();
  source = undefined;
}

function tell(topics: ReadonlySet<Topic>): void {
  for (const listener of listeners) listener(topics);
}

async function refresh(): Promise<void> {
  if (refreshing || document.hidden) return;
  const wanted = liveElements().filter((element) => topicsOf(element).some((topic) => pending.has(topic)));
  if (wanted.length === 0) return pending.clear();
  refreshing = true;
  pending.clear();
  try {
    const page = await fetchPage(location.href);
    if (page === undefined) return;
    for (const old of wanted) swap(old, page.getElementById(old.id));
    document.dispatchEvent(new CustomEvent("live"));
  } catch {
    // The node is away: what is shown stays, and the next event (or the connection's return) asks again.
  } finally {
    refreshing = false;
    if (pending.size > 0) setTimeout(() => void refresh(), 500);
  }
}

function swap(old: HTMLElement, fresh: HTMLElement | null): void {
  if (fresh === null || !old.isConnected || served.get(old.id)?.isEqualNode(fresh) === true) return;
  // Somebody is typing or pressing there: it is swapped at the next change.
  if (old.contains(document.activeElement) && document.activeElement !== document.body) {
    for (const topic of topicsOf(old)) pending.add(topic);
    document.activeElement?.addEventListener("blur", () => void refresh(), { once: true });
    return;
  }
  served.set(old.id, fresh.cloneNode(true));
  // What the reader unfolded stays unfolded.
  for (const details of old.querySelectorAll<HTMLDetailsElement>("details[id][open]"))
    fresh.querySelector(`#${CSS.escape(details.id)}`)?.setAttribute("open", "");
  old.replaceWith(document.importNode(fresh, true));
}

/** The page as it is now, as a document that runs nothing. XMLHttpRequest parses it itself: no text of the page passes through a
 *  sink that trusted types guard. */
function fetchPage(address: string): Promise<Document | undefined> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.setRequestHeader("accept", "text/html");
    request.addEventListener("load", () => resolve(request.status === 200 ? (request.responseXML ?? undefined) : undefined));
    request.addEventListener("error", () => reject(new Error("The node does not answer.")));
    request.send();
  });
}

const liveElements = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-live][id]")];

const topicsOf = (element: HTMLElement): Topic[] => (element.dataset["live"] ?? "").split(" ").filter((topic) => topic !== "") as Topic[];
