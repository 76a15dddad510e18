/**
 * The command line's key file: a JSON object of named secrets that an age passphrase seals (C#: `SealedKeyFile`, `MemberKey`).
 * `age -d` opens it too. A backup made here is such a file, so it works in the other program, and the other way round.
 */
import { Decrypter, Encrypter } from "age-encryption";
import { bytesToHex, hexToBytes, isAddress, isHex, type Address, type Hex } from "viem";
import { ScryptIdentity, ScryptRecipient } from "./scrypt.ts";
import { addressOf, recipientOf, wipe, type Secrets } from "./secrets.ts";

/** What a member, buyer or operator holds; or, of somebody whose wallet signs, only what reads. */
export type KeyFile = { kind: "member"; secrets: Secrets } | { kind: "reader"; address: Address; identity: string };

/** The file is not one of ours, or the passphrase is not its own. */
export class KeyFileRefused extends Error {
  override readonly name = "KeyFileRefused";

  constructor(readonly code: "key.wrong_passphrase" | "key.invalid" | "key.wrong_kind", message: string) {
    super(message);
  }
}

/** log₂ of scrypt's N, as the command line has it: about a second and 256 MiB a guess. */
export const WORK_FACTOR = 18;

const MAX_BYTES = 64 * 1024;

export async function sealKeyFile(file: KeyFile, passphrase: string, workFactor = WORK_FACTOR): Promise<Uint8Array> {
  const fields = file.kind === "member"
    ? { version: 1, kind: "member", account: bytesToHex(file.secrets.account), identity: file.secrets.identity }
    : { version: 1, kind: "reader", address: file.address, identity: file.identity };
  const json = new TextEncoder().encode(JSON.stringify(fields));
  try {
    return await sealWithPassphrase(json, passphrase, workFactor);
  } finally {
    wipe(json);
  }
}

/** @throws KeyFileRefused */
export async function openKeyFile(bytes: Uint8Array, passphrase: string): Promise<KeyFile> {
  if (bytes.length > MAX_BYTES) throw new KeyFileRefused("key.invalid", `This file has ${bytes.length} bytes. A key file has at most ${MAX_BYTES}.`);
  const decrypter = new Decrypter();
  decrypter.addIdentity(new ScryptIdentity(passphrase));
  let json: Uint8Array;
  try {
    json = await decrypter.decrypt(bytes);
  } catch (cause) {
    throw looksLikeAge(bytes)
      ? new KeyFileRefused("key.wrong_passphrase", "The passphrase does not open this file. Capital letters, spaces and dashes count.")
      : new KeyFileRefused("key.invalid", "This is not a key file: it is no age file. A key file ends in .age and is made by the backup on this page or by the command line.");
  }
  try {
    return await parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json)));
  } catch (problem) {
    // Not the parser's text: it could quote the secret.
    throw problem instanceof KeyFileRefused ? problem : new KeyFileRefused("key.invalid", "The file opens, but what is in it is no key.");
  } finally {
    wipe(json);
  }
}

/** What each guess at the passphrase of such a file costs, as log₂ of scrypt's N; 0 where it does not say so. */
export function workFactorOf(file: Uint8Array): number {
  const header = new TextDecoder().decode(file.subarray(0, 256));
  return Number(/^age-encryption\.org\/v1\n-> scrypt [^ \n]+ ([0-9]+)\n/.exec(header)?.[1] ?? 0);
}

async function parse(fields: Record<string, unknown>): Promise<KeyFile> {
  const { kind, account, identity, address } = fields;
  if (kind !== "member" && kind !== "reader") throw new KeyFileRefused("key.wrong_kind", `This file holds the keys of a ${String(kind)}, not of an account.`);
  if (typeof identity !== "string") throw new KeyFileRefused("key.invalid", "The file has no age identity.");
  await recipientOf(identity);
  if (kind === "reader") {
    if (typeof address !== "string" || !isAddress(address)) throw new KeyFileRefused("key.invalid", "The file does not say which wallet it belongs to.");
    return { kind, address, identity };
  }
  if (typeof account !== "string" || !isHex(account) || account.length !== 66) throw new KeyFileRefused("key.invalid", "The file has no account key.");
  const secrets = { account: hexToBytes(account as Hex), identity };
  addressOf(secrets.account);
  return { kind, secrets };
}

export async function sealWithPassphrase(content: Uint8Array, passphrase: string, workFactor: number): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(new ScryptRecipient(passphrase, workFactor));
  return encrypter.encrypt(content);
}

const looksLikeAge = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(0, 21)) === "age-encryption.org/v1";
