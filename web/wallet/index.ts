/**
 * Wallets that are installed in this browser, found by their own announcement (EIP-6963) and asked by EIP-1193.
 *
 * A wallet's key is never seen here. A member's acts are typed data that it shows and signs (EIP-712); a transaction is asked for
 * only where a buyer's or proposer's own money or power moves.
 */
import {
  getAddress, getTypesForEIP712Domain, hashMessage, hashTypedData, isAddress, isHex, numberToHex, serializeTypedData, stringToHex,
  type Address, type Hex, type TypedDataDefinition,
} from "viem";
import { endpoint, recover, verifiedDao, type DaoInfo } from "../chain/index.ts";
import { callAt } from "../chain/reader.ts";
import { waitUntilMined } from "../chain/send.ts";

interface Provider {
  request(question: { method: string; params?: readonly unknown[] }): Promise<unknown>;
}

interface Announcement {
  info: { uuid: string; name: string; rdns: string; icon: string };
  provider: Provider;
}

/** The person said no in the wallet. */
export class WalletRefused extends Error {
  override readonly name = "WalletRefused";
}

const REJECTED = 4001; // EIP-1193
const UNKNOWN_CHAIN = 4902; // EIP-3085
const ANNOUNCE = "eip6963:announceProvider";

/** Asks who is there and waits a moment for the answers. */
export async function installedWallets(waitMs = 250): Promise<Wallet[]> {
  const found = new Map<string, Wallet>();
  const listen = (event: Event): void => {
    const { info, provider } = (event as CustomEvent<Announcement>).detail;
    found.set(info.uuid, new Wallet(info.name, info.rdns, provider));
  };
  addEventListener(ANNOUNCE, listen);
  dispatchEvent(new Event("eip6963:requestProvider"));
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  removeEventListener(ANNOUNCE, listen);
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

export class Wallet {
  /** @param rdns the wallet's own name for itself, `io.metamask`: it is found again by it. */
  constructor(readonly name: string, readonly rdns: string, private readonly provider: Provider) {}

  /** The account that the person lets this page see. */
  async connect(): Promise<Address> {
    const accounts = (await this.ask("eth_requestAccounts")) as unknown[];
    const [first] = accounts;
    if (typeof first !== "string" || !isAddress(first, { strict: false })) throw new WalletRefused(`${this.name} showed no account.`);
    return getAddress(first);
  }

  /** Sees to it that the wallet is on the DAO's chain, and tells it of that chain where it does not know it. */
  async useChainOf(dao: DaoInfo): Promise<void> {
    if (Number(await this.ask("eth_chainId")) === dao.chainId) return;
    const chainId = numberToHex(dao.chainId);
    try {
      await this.ask("wallet_switchEthereumChain", { chainId });
    } catch (problem) {
      if (codeOf(problem) !== UNKNOWN_CHAIN || dao.publicRpc === undefined) throw problem;
      await this.ask("wallet_addEthereumChain", {
        chainId, chainName: `Chain of ${dao.name}`, rpcUrls: [dao.publicRpc], nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
      });
      await this.ask("wallet_switchEthereumChain", { chainId });
    }
    if (Number(await this.ask("eth_chainId")) !== dao.chainId) throw new WalletRefused(`${this.name} is on another chain. Choose chain ${dao.chainId} in it and try again.`);
  }

  async signTypedData(account: Address, typedData: TypedDataDefinition): Promise<Hex> {
    // Without the domain's own type a wallet would sign for no domain at all.
    const types = { EIP712Domain: getTypesForEIP712Domain({ domain: typedData.domain }), ...typedData.types };
    const answer = await this.ask("eth_signTypedData_v4", account, serializeTypedData({ ...typedData, types } as TypedDataDefinition));
    return this.signature(answer, hashTypedData(typedData), account);
  }

  async signMessage(account: Address, text: string): Promise<Hex> {
    return this.signature(await this.ask("personal_sign", stringToHex(text), account), hashMessage(text), account);
  }

  /** Tried first, so that the person is not asked for what the chain would refuse; then sent by the wallet and waited for. */
  async sendTransaction(account: Address, transaction: { to: Address; data: Hex; value?: bigint }): Promise<Hex> {
    const rpc = await endpoint();
    const call = { from: account, to: transaction.to, data: transaction.data, value: numberToHex(transaction.value ?? 0n) };
    await callAt(rpc, call, "latest");
    // With the chain's number a wallet that was switched meanwhile refuses, where it would send to whatever has that address there.
    const hash = await this.ask("eth_sendTransaction", { ...call, chainId: numberToHex((await verifiedDao()).chainId) });
    if (typeof hash !== "string" || !isHex(hash) || hash.length !== 66) throw new Error(`${this.name} did not say which transaction it sent.`);
    return (await waitUntilMined(rpc, hash, call)).transactionHash;
  }

  /** What the wallet answered, if it is this account's signature of just this: a wallet may sign something else, or as somebody else. */
  private signature(answer: unknown, digest: Hex, account: Address): Hex {
    if (typeof answer !== "string" || !isHex(answer) || answer.length !== 132) {
      throw new Error(`${this.name}'s answer is no signature of an ordinary account (65 bytes). Accounts that are contracts cannot be used here yet.`);
    }
    // Some wallets write the parity where Ethereum's signatures have 27 or 28.
    const v = parseInt(answer.slice(130), 16);
    const signature = v < 27 ? (`${answer.slice(0, 130)}${(v + 27).toString(16)}` as Hex) : answer;
    const signer = recover(digest, signature);
    if (signer !== account) throw new Error(`${this.name} signed as ${signer === "none" ? "nobody" : signer}, or signed something else than was asked. Choose the account ${account} in it and try again.`);
    return signature;
  }

  private async ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    try {
      return await this.provider.request({ method, params });
    } catch (problem) {
      if (codeOf(problem) === REJECTED) throw new WalletRefused(`You said no in ${this.name}. Nothing was signed and nothing was sent.`);
      throw problem;
    }
  }
}

const codeOf = (problem: unknown): number | undefined => (typeof problem === "object" && problem !== null && "code" in problem ? Number(problem.code) : undefined);
