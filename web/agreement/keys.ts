// Uses keys with the code of the browser, for BrowserKeysTests.cs: a line of JSON for each question on standard input and a line for
// each answer. Nothing but this file is Node's own.
import { readFile, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { hashMessage, hashTypedData, hexToBytes, toHex, type Address, type Hex, type TypedDataDefinition } from "viem";
import type { DaoInfo } from "../chain/dao.ts";
import { Reverted, reverted } from "../chain/reverts.ts";
import { Rpc } from "../chain/rpc.ts";
import { sendTransaction } from "../chain/send.ts";
import { ChainMismatch, holdAgainstChain, recipientText, recover } from "../chain/verify.ts";
import { openKeyFile, sealKeyFile, workFactorOf, KeyFileRefused } from "../keys/key-file.ts";
import { suggestedPassphrase } from "../keys/passphrase.ts";
import { openSeal, sealByPassphrase } from "../keys/seal.ts";
import { addressOf, newSecrets, recipientOf, signDigest, signMessage, signTypedData } from "../keys/secrets.ts";
import { signInMessage } from "../keys/session.ts";

type Question =
  | { readonly kind: "new" }
  | { readonly kind: "seal"; readonly account: Hex; readonly identity: string; readonly passphrase: string; readonly path: string; readonly workFactor: number }
  | { readonly kind: "open"; readonly path: string; readonly passphrase: string }
  | { readonly kind: "restore"; readonly path: string; readonly passphrase: string }
  | { readonly kind: "unseal"; readonly path: string; readonly passphrase: string; readonly address: Address; readonly recipient: string }
  | { readonly kind: "typedData"; readonly json: string; readonly account: Hex }
  | { readonly kind: "message"; readonly text: string; readonly account: Hex }
  | { readonly kind: "signIn"; readonly address: Address; readonly nonce: string; readonly chainId: number; readonly issuedAt: number; readonly expiresAt: number }
  | { readonly kind: "reverted"; readonly data: Hex }
  | { readonly kind: "recover"; readonly digest: Hex; readonly signature: Hex }
  | { readonly kind: "recipient"; readonly key: Hex }
  | { readonly kind: "verify"; readonly info: DaoInfo; readonly rpc: string }
  | { readonly kind: "send"; readonly rpc: string; readonly account: Hex; readonly to: Address; readonly data: Hex; readonly value: string };

async function answer(question: Question): Promise<unknown> {
  switch (question.kind) {
    case "new": {
      const { account, identity } = await newSecrets();
      return { account: toHex(account), identity, address: addressOf(account), recipient: await recipientOf(identity), passphrase: suggestedPassphrase() };
    }
    case "seal": {
      const secrets = { account: hexToBytes(question.account), identity: question.identity };
      await writeFile(question.path, await sealKeyFile({ kind: "member", secrets }, question.passphrase, question.workFactor), { mode: 0o600 });
      return { address: addressOf(secrets.account), recipient: await recipientOf(secrets.identity) };
    }
    case "open": {
      const file = await openKeyFile(new Uint8Array(await readFile(question.path)), question.passphrase);
      if (file.kind !== "member") return { kind: file.kind };
      return { account: toHex(file.secrets.account), identity: file.secrets.identity, address: addressOf(file.secrets.account), recipient: await recipientOf(file.secrets.identity) };
    }
    case "restore": {
      const bytes = new Uint8Array(await readFile(question.path));
      const file = await openKeyFile(bytes, question.passphrase);
      const seal = file.kind === "member" ? await sealByPassphrase(file.secrets, question.passphrase, bytes) : undefined;
      if (seal?.kind !== "passphrase") throw new Error("no passphrase's seal");
      await writeFile(question.path, seal.file, { mode: 0o600 });
      return { isSame: seal.file === bytes, workFactor: workFactorOf(seal.file) };
    }
    case "unseal": {
      const seal = { kind: "passphrase", file: new Uint8Array(await readFile(question.path)) } as const;
      return { kind: (await openSeal({ ...question, kind: "passphrase", createdAt: 0, backedUp: true, seal }, question.passphrase)).kind };
    }
    case "typedData": {
      const typedData = JSON.parse(question.json) as TypedDataDefinition;
      return { digest: hashTypedData(typedData), signature: signTypedData(typedData, hexToBytes(question.account)) };
    }
    case "message":
      return { digest: hashMessage(question.text), signature: signMessage(question.text, hexToBytes(question.account)) };
    case "signIn":
      return { message: signInMessage({ host: "localhost:7420", origin: "http://localhost:7420" }, question.address, question) };
    case "reverted": {
      const { error, message } = reverted(question.data);
      return { error, message };
    }
    case "recover":
      return { address: recover(question.digest, question.signature) };
    case "recipient":
      return { recipient: recipientText(question.key) };
    case "verify":
      await holdAgainstChain(question.info, new Rpc(question.rpc));
      return { checked: true };
    case "send": {
      const account = hexToBytes(question.account);
      const rpc = new Rpc(question.rpc);
      const receipt = await sendTransaction(rpc, Number(await rpc.quantity("eth_chainId")), addressOf(account), { to: question.to, data: question.data, value: BigInt(question.value) },
        (digest) => signDigest(digest, account));
      return { hash: receipt.transactionHash, block: receipt.blockNumber.toString() };
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let said: unknown;
  try {
    said = await answer(JSON.parse(line) as Question);
  } catch (problem) {
    if (problem instanceof KeyFileRefused) said = { refusal: problem.code };
    else if (problem instanceof ChainMismatch) said = { field: problem.field, node: problem.serverValue, chain: problem.chainValue };
    else if (problem instanceof Reverted) said = { error: problem.error, message: problem.message };
    else throw problem;
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
