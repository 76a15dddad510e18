/** Signing in (EIP-4361): this page writes the message, for the address that it stands at, and the account signs it. */
import type { Address, Hex } from "viem";
import { del, get, post } from "../shared/node.ts";

export interface Session {
  address?: Address;
  /** Unix seconds. */
  expiresAt?: number;
}

interface Challenge {
  nonce: string;
  chainId: number;
  issuedAt: number;
  expiresAt: number;
}

export const session = (): Promise<Session> => get<Session>("/v1/session");

export const signOut = (): Promise<void> => del("/v1/session");

/** @param chainId as the chain itself gave it, so that the node cannot have a message signed for another one. */
export async function signIn(address: Address, chainId: number, sign: (message: string) => Promise<Hex>): Promise<Session> {
  const { nonce, issuedAt, expiresAt } = await post<Challenge>("/v1/session/challenge", {});
  const message = signInMessage({ host: location.host, origin: location.origin }, address, { nonce, chainId, issuedAt, expiresAt });
  return post<Session>("/v1/session", { message, signature: await sign(message) });
}

/** EIP-4361, "ABNF Message Format". */
export function signInMessage(here: { host: string; origin: string }, address: Address, { nonce, chainId, issuedAt, expiresAt }: Challenge): string {
  if (!/^[A-Za-z0-9]{8,}$/.test(nonce)) throw new Error("The node's nonce is not one.");
  return [
    `${here.host} wants you to sign in with your Ethereum account:`,
    address,
    "",
    "Sign in to see the pages that are yours. This moves nothing and costs nothing.",
    "",
    `URI: ${here.origin}/account`,
    "Version: 1",
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${iso(issuedAt)}`,
    `Expiration Time: ${iso(expiresAt)}`,
  ].join("\n");
}

const iso = (unixSeconds: number) => new Date(unixSeconds * 1000).toISOString();
