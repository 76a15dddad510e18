// A wallet as an extension injects one (EIP-1193, announced by EIP-6963); its key lives in the test, behind testWallet.
(() => {
  const listeners = new Map();
  const provider = {
    async request({ method, params }) {
      const answer = JSON.parse(await window.testWallet(JSON.stringify({ method, params: params ?? [] })));
      if (answer.error) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
      return answer.result;
    },
    on(event, listener) { listeners.set(event, [...(listeners.get(event) ?? []), listener]); return provider; },
    removeListener(event, listener) { listeners.set(event, (listeners.get(event) ?? []).filter((l) => l !== listener)); return provider; },
  };
  const info = Object.freeze({
    uuid: "5f6c1a2e-9d1b-4c57-8a55-2f1f0e8d7c3a",
    name: "Test wallet",
    icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><rect width='8' height='8' fill='teal'/></svg>",
    rdns: "example.commonhold.wallet",
  });
  const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
})();
