import { domainSeparator, type Abi, type Address, type Hex, type TypedDataDefinition } from "viem";
import { erc20Abi, testCurrencyAbi } from "../chain/abi.ts";
import { chain } from "../chain/index.ts";
import type { VerifiedDao } from "../chain/index.ts";
import { post, relayed } from "../shared/node.ts";
import { short } from "../govern/words.ts";
import { zeroAddress } from "./terms.ts";

/** A currency as its own contract tells of itself; the address is what it is. */
export interface Money {
  readonly address: Address;
  /** Its word for itself, which anybody may choose; a shortened address when it has none that can be shown. */
  readonly symbol: string;
  readonly decimals: number;
}

export const noMoney: Money = { address: zeroAddress, symbol: "", decimals: 0 };

const bytesSymbolAbi = [{ type: "function", name: "symbol", inputs: [], outputs: [{ name: "", type: "bytes32" }], stateMutability: "view" }] as const satisfies Abi;

/** The same reading as the node's (Commonhold.Server.Indexer.Currencies), letter for letter: what is shown is compared with it. A stranger's
 *  contract may answer anything. */
export async function moneyAt(address: Address): Promise<Money> {
  if (address === zeroAddress) return noMoney;
  const contract = { address, abi: erc20Abi };
  const [symbol, decimals] = await Promise.all([
    chain().read(contract, "symbol").catch(unlessSilent(() => chain().read({ address, abi: bytesSymbolAbi }, "symbol").then(textOf))).catch(unlessSilent(() => "")),
    chain().read(contract, "decimals").catch(unlessSilent(() => 0)),
  ]);
  return { address, symbol: /^[A-Za-z0-9.$_-]{1,11}$/.test(symbol) ? symbol : short(address), decimals: Number.isInteger(decimals) && decimals <= 36 ? decimals : 0 };
}

/** A contract that does not answer well is one thing, a chain that does not answer at all another: then nothing is known of the amounts. */
const unlessSilent = <T>(otherwise: () => T) => (problem: unknown): T => {
  if (problem instanceof Error && problem.name === "ChainUnavailable") throw problem;
  return otherwise();
};

/** Some old currencies answer with 32 bytes instead of a string. */
const textOf = (bytes: Hex): string => String.fromCharCode(...(bytes.slice(2).replace(/(00)+$/, "").match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16)));

/** Whether there is a currency at this address at all: it has to say what an account holds. */
export async function balanceOf(money: Address, account: Address): Promise<bigint | undefined> {
  try {
    return await chain().read({ address: money, abi: erc20Abi }, "balanceOf", [account]);
  } catch (problem) {
    if (problem instanceof Error && problem.name === "ChainUnavailable") throw problem;
    return undefined;
  }
}

export const allowanceOf = (money: Address, owner: Address, spender: Address): Promise<bigint> =>
  chain().read({ address: money, abi: erc20Abi }, "allowance", [owner, spender]);

/** What an account signs so that the market may take exactly this price (EIP-2612); undefined when the currency does not have that, or
 *  has it otherwise than the standard, or says that it lives on another chain: there the signature would count for another contract. */
export async function permitFor(chainId: number, money: Money, owner: Address, spender: Address, value: bigint, deadline: bigint): Promise<TypedDataDefinition | undefined> {
  const contract = { address: money.address, abi: testCurrencyAbi };
  try {
    const [[, name, version, itsChainId, verifyingContract], separator, nonce] = await Promise.all([
      chain().read(contract, "eip712Domain"), chain().read(contract, "DOMAIN_SEPARATOR"), chain().read(contract, "nonces", [owner]),
    ]);
    const domain = { name, version, chainId, verifyingContract };
    // Wallets build the separator from the four fields; one that is made otherwise would make the signature worthless.
    if (itsChainId !== BigInt(chainId) || domainSeparator({ domain }) !== separator || verifyingContract !== money.address) return undefined;
    return {
      domain,
      types: {
        Permit: [{ name: "owner", type: "address" }, { name: "spender", type: "address" }, { name: "value", type: "uint256" }, { name: "nonce", type: "uint256" }, { name: "deadline", type: "uint256" }],
      },
      primaryType: "Permit",
      message: { owner, spender, value, nonce, deadline },
    };
  } catch {
    return undefined;
  }
}

/** The trial's faucet: a little of the chain's own currency for fees, and test money. */
export async function visitFaucet(account: Address): Promise<void> {
  const { ids } = await post<{ ids: readonly string[] }>("/v1/trial/faucet", { account });
  for (const id of ids) await relayed(id);
}

/** On a trial an account without anything for fees is given some, so that nobody has to know what fees are. */
export async function haveFees(dao: VerifiedDao, account: Address): Promise<void> {
  if (dao.trial && (await chain().balance(account)) === 0n) await visitFaucet(account);
}

/** For messages: which account is meant. */
export const shortAccount = (account: Address): string => short(account);
