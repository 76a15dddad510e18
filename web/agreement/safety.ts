// Plays the dishonest to the code of the browser, for BrowserSafetyTests.cs: the name of a case on each line of standard input, and what came
// of it on a line of standard output. The endpoint that it talks to is this file.
import { createInterface } from "node:readline";
import { domainSeparator, encodeAbiParameters, encodeFunctionResult, toFunctionSelector, zeroHash, type Address, type Hex } from "viem";
import { erc20Abi, testCurrencyAbi } from "../chain/abi.ts";
import type { VerifiedDao } from "../chain/index.ts";
import { Rpc } from "../chain/rpc.ts";
import { sendTransaction, waitUntilMined } from "../chain/send.ts";
import { deploy, priceOf } from "../creation/index.ts";
import type { Creation } from "../creation/key.ts";
import { ageRecipient } from "../govern/actions.ts";
import { holdPage, type CheckedProposal, type CheckedRequest } from "../govern/check.ts";
import { moneyAt, permitFor } from "../market/money.ts";
import { zeroDigest } from "../market/terms.ts";
import { get, problemOf, type Problem } from "../shared/node.ts";

const token: Address = "0x00000000000000000000000000000000000000A1";
const buyer: Address = "0x00000000000000000000000000000000000000b2";
const ours = 31337;

type Endpoint = (method: string, params: readonly never[]) => unknown;

/** What the endpoint answers; a thrown `revert` is the contract's refusal, anything else a broken line. */
let endpoint: Endpoint = () => null;
const revert = new Error("execution reverted");

/** Where the endpoint does not answer in JSON, but with this. */
let flood: Response | undefined;

globalThis.fetch = (async (address: string, init?: { body?: string }) => {
  if (flood !== undefined) return flood;
  if (address === "/v1/dao") return Response.json({ chainId: ours, publicRpc: "http://chain.test" });
  const { id, method, params } = JSON.parse(init!.body!) as { id: number; method: string; params: never[] };
  try {
    return Response.json({ jsonrpc: "2.0", id, result: endpoint(method, params) });
  } catch (problem) {
    if (problem !== revert) throw problem;
    return Response.json({ jsonrpc: "2.0", id, error: { code: 3, message: "execution reverted", data: "0x" } });
  }
}) as typeof fetch;

/** An answer that does not end; `read` counts what was taken of it. */
function endless(type: string, status = 500): { response: Response; read: () => number } {
  const piece = new Uint8Array(16_384).fill(0x20);
  let bytes = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      bytes += piece.length;
      // A reader without a limit fails here instead of filling the machine.
      if (bytes > 64 * 1024 * 1024) controller.error(new Error("read without a limit"));
      else controller.enqueue(piece);
    },
  });
  return { response: new Response(body, { status, headers: { "content-type": type } }), read: () => bytes };
}

const calls = (answers: Readonly<Record<string, () => Hex>>): Endpoint => (method, params) => {
  if (method !== "eth_call") throw revert;
  const { data } = params[0] as unknown as { data: Hex };
  const answer = Object.entries(answers).find(([signature]) => toFunctionSelector(signature) === data.slice(0, 10))?.[1];
  if (answer === undefined) throw revert;
  return answer();
};

const symbol = (text: string): Hex => encodeFunctionResult({ abi: erc20Abi, functionName: "symbol", result: text });
const decimals = (): Hex => encodeFunctionResult({ abi: erc20Abi, functionName: "decimals", result: 6 });

function permits(chainId: number): Endpoint {
  const domain = { name: "Dollar", version: "1", chainId, verifyingContract: token };
  return calls({
    "eip712Domain()": () => encodeFunctionResult({ abi: testCurrencyAbi, functionName: "eip712Domain", result: ["0x0f", "Dollar", "1", BigInt(chainId), token, zeroHash, []] }),
    "DOMAIN_SEPARATOR()": () => domainSeparator({ domain }), "nonces(address)": () => encodeAbiParameters([{ type: "uint256" }], [0n]),
  });
}

const sending = (chainId: number, tip: bigint): Endpoint => (method) => {
  switch (method) {
    case "eth_call": return "0x";
    case "eth_estimateGas": return "0x30d40";
    case "eth_chainId": return `0x${chainId.toString(16)}`;
    case "eth_getTransactionCount": return "0x0";
    case "eth_maxPriorityFeePerGas": return `0x${tip.toString(16)}`;
    case "eth_getBlockByNumber": return { baseFeePerGas: "0x1" };
    default: throw new Error("nothing was to be sent");
  }
};

const send = (): Promise<unknown> => sendTransaction(new Rpc("http://chain.test"), ours, buyer, { to: token, data: "0x" }, () => {
  throw new Error("signed");
});

const creation = {
  key: `0x${"11".repeat(32)}`, plan: { chainId: ours, deployments: [{ contract: "DataDao", address: token, initCode: "0x", gasLimit: 2_000_000 }] },
} as unknown as Creation;

const recipientOfZero = ageRecipient(zeroDigest);

/** A page of one approval, as far as `holdPage` looks. */
function page(request: CheckedRequest, shown: { purpose?: string; currency?: Address; description?: string }): ParentNode {
  const text = (words: string, title?: string) => ({ textContent: words, childNodes: [{ nodeType: 3, textContent: words }, { nodeType: 1, textContent: "Copy" }], getAttribute: () => title ?? null });
  const address = (of: string) => text(`${of.slice(0, 8)}…${of.slice(-6)}`, of);
  const card = { querySelector: () => text("It."), querySelectorAll: () => [] };
  const found: Record<string, unknown> = {
    "#proposal": text("It."), "#author ~ blockquote": text(shown.description ?? "Why not."),
    [`[data-purpose="${zeroDigest}"]`]: shown.purpose === undefined ? null : text(shown.purpose),
    '[data-request="7"] [data-term="buyer"] [title]': address(request.buyer), '[data-request="7"] [data-term="currency"] [title]': address(shown.currency ?? token),
    '[data-request="7"] [data-term="recipient"] [title]': text(`${recipientOfZero.slice(0, 10)}…${recipientOfZero.slice(-6)}`, recipientOfZero),
  };
  return { querySelector: (selector: string) => found[selector] ?? null, querySelectorAll: () => [card] } as unknown as ParentNode;
}

function hold(purpose: string | undefined, shown: Parameters<typeof page>[1]): string {
  const request = {
    id: 7, buyer, purpose, sentence: "It.", currency: { address: token, symbol: "USDC", decimals: 6 },
    terms: { recipient: zeroDigest, purposeDigest: zeroDigest, currency: token, price: "1" },
  } as unknown as CheckedRequest;
  const checked: CheckedProposal = {
    id: 1n, dao: {} as VerifiedDao, description: "Why not.", sentence: "It.", actions: [{ sentence: "It.", request, read: { arguments: [] } as never }],
  };
  holdPage(checked, page(request, shown));
  return "held";
}

const cases: Readonly<Record<string, () => unknown>> = {
  "a symbol that is no word": async () => ((endpoint = calls({ "symbol()": () => symbol("USDC\u202e"), "decimals()": decimals })), moneyAt(token)),
  "a symbol in 32 bytes": async () => ((endpoint = calls({ "symbol()": () => `0x4d4b52${"00".repeat(29)}`, "decimals()": decimals })), moneyAt(token)),
  "a chain that is away while money is read": async () => {
    endpoint = () => { throw new TypeError("fetch failed"); };
    return moneyAt(token);
  },
  "a permit of this chain": async () => ((endpoint = permits(ours)), (await permitFor(ours, { address: token, symbol: "D", decimals: 6 }, buyer, token, 1n, 9n)) === undefined ? "none" : "made"),
  "a permit of another chain": async () => ((endpoint = permits(1)), (await permitFor(ours, { address: token, symbol: "D", decimals: 6 }, buyer, token, 1n, 9n)) === undefined ? "none" : "made"),
  "a transaction for this chain": async () => ((endpoint = sending(ours, 1n)), send()),
  "a transaction for another chain": async () => ((endpoint = sending(1, 1n)), send()),
  "a fee that burns the account": async () => ((endpoint = sending(ours, 10n ** 14n)), send()),
  "a deployment that burns the gas money": async () => ((endpoint = sending(ours, 10n ** 14n)), deploy(creation, () => undefined)),
  "a creation that would burn it": async () => ((endpoint = sending(ours, 10n ** 14n)), priceOf(creation.plan)),
  "an endpoint that is away for a moment": async () => {
    let asked = 0;
    endpoint = () => {
      if (asked++ === 0) throw new TypeError("fetch failed");
      return { transactionHash: zeroDigest, blockNumber: "0x1", status: "0x1", logs: [] };
    };
    return (await waitUntilMined(new Rpc("http://chain.test"), zeroDigest)).succeeded;
  },
  "a chain that answers without end": async () => {
    const { response, read } = endless("application/json");
    flood = response;
    const refused = await new Rpc("http://chain.test").ask("eth_blockNumber").then(() => "nothing", (problem: Error) => problem.name);
    flood = undefined;
    return `${refused} after ${Math.floor(read() / 1024 / 1024)} MiB`;
  },
  "a node that refuses without end": async () => {
    const { response, read } = endless("application/problem+json");
    const { code } = await problemOf(response);
    return `${code} after ${Math.floor(read() / 1024 / 64)} × 64 KiB`;
  },
  "a node that answers without end": async () => {
    const { response, read } = endless("application/json", 200);
    flood = response;
    const refused = await get("/v1/dao").then(() => "nothing", (problem: Problem) => problem.code);
    flood = undefined;
    return `${refused} after ${Math.floor(read() / 1024 / 1024)} MiB`;
  },
  "a node that answers in half words": async () => {
    flood = new Response("{\"chainId\":", { headers: { "content-type": "application/json" } });
    const refused = await get("/v1/dao").then(() => "nothing", (problem: Problem) => problem.code);
    flood = undefined;
    return refused;
  },
  "a node that refuses in no words": async () =>
    (await Promise.all(["null", "{", ""].map((text) => problemOf(new Response(text, { status: 500, headers: { "content-type": "application/problem+json" } }))))).map(({ code }) => code).join(),
  "an honest page": () => hold("To learn.", { purpose: "To learn." }),
  "an honest page without a purpose": () => hold(undefined, {}),
  "a purpose that nobody can check": () => hold(undefined, { purpose: "To feed the poor." }),
  "another currency of the same name": () => hold("To learn.", { purpose: "To learn.", currency: buyer }),
  "other words of the proposer": () => hold("To learn.", { purpose: "To learn.", description: "Vote for it." }),
};

for await (const name of createInterface({ input: process.stdin })) {
  let said: unknown;
  try {
    said = await cases[name]!();
  } catch (problem) {
    said = { refused: (problem as Error).name, message: (problem as Error).message };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
