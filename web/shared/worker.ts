// The one trusted-types policy: the address of a worker is one that the page itself names.

/** Starts web/workers/NAME.ts, whose address the page's frame put into its head. */
export function startWorker(name: string): Worker {
  const address = document.querySelector<HTMLMetaElement>(`meta[name="worker:${name}"]`)?.content;
  if (address === undefined || !/^\/assets\/[a-z-]+\.worker-[0-9a-f]{16}\.js$/.test(address)) throw new Error(`The page names no worker "${name}".`);
  return new Worker(trusted(address) as unknown as string, { type: "module" });
}

interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): ScriptUrlPolicy;
}

let policy: ScriptUrlPolicy | undefined;

function trusted(url: string): unknown {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (factory === undefined) return url;
  policy ??= factory.createPolicy("worker", { createScriptURL: (address) => address });
  return policy.createScriptURL(url);
}
