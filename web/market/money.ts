import { domainSeparator, type Address, type TypedDataDefinition } from "viem";
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

/** The same reading as the node's (Commonhold.Server.Indexer.Currencies): a stranger's contract may answer anything. */
export async function moneyAt(address: Address): Promise<Money> {
  if (address === zeroAddress) return noMoney;
  const contract = { address, abi: erc20Abi };
  const [symbol, decimals] = await Promise.all([
    chain().read(contract, "symbol").catch(() => ""),
    chain().read(contract, "decimals").catch(() => 0),
  ]);
  return {
    address,
    symbol: typeof symbol === "string" && /^[A-Za-z0-9.$_-]{1,11}$/.test(symbol) ? symbol : `${address.slice(0, 6)}…${address.slice(-4)}`,
    decimals: Number.isInteger(decimals) && decimals <= 36 ? decimals : 0,
  };
}

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

/** Whole units as people type them, "1,000.5" or "0": base units; undefined when it is no amount, or finer than the currency. */
export function parseUnits(text: string, decimals: number): bigint | undefined {
  const [, whole, fraction = ""] = /^([0-9]+)(?:\.([0-9]+))?$/.exec(text.trim().replace(/(?<=\d)[,\u00a0 ](?=\d{3}(\D|$))/g, "")) ?? [];
  if (whole === undefined) return undefined;
  const digits = fraction.replace(/0+$/, "");
  return digits.length > decimals || whole.length > 39 ? undefined : BigInt(whole + digits.padEnd(decimals, "0"));
}

/** What an account signs so that the market may take exactly this price (EIP-2612); undefined when the currency does not have that, or
 *  has it otherwise than the standard. */
export async function permitFor(money: Money, owner: Address, spender: Address, value: bigint, deadline: bigint): Promise<TypedDataDefinition | undefined> {
  const contract = { address: money.address, abi: testCurrencyAbi };
  try {
    const [[, name, version, chainId, verifyingContract], separator, nonce] = await Promise.all([
      chain().read(contract, "eip712Domain"), chain().read(contract, "DOMAIN_SEPARATOR"), chain().read(contract, "nonces", [owner]),
    ]);
    const domain = { name, version, chainId: Number(chainId), verifyingContract };
    // Wallets build the separator from the four fields; one that is made otherwise would make the signature worthless.
    if (domainSeparator({ domain }) !== separator || verifyingContract !== money.address) return undefined;
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
