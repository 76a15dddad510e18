/** age v1, "scrypt recipient stanza": as age-encryption has it, but the slow part runs beside the page and does not freeze it. */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { scrypt } from "@noble/hashes/scrypt";
import { base64nopad } from "@scure/base";
import { Stanza, type Identity, type Recipient } from "age-encryption";
import { startWorker } from "../shared/worker.ts";
import { wipe } from "./secrets.ts";

export interface ScryptQuestion {
  passphrase: string;
  salt: Uint8Array;
  workFactor: number;
}

/** log₂ of scrypt's N: beyond it a browser lacks the memory (1 GiB). */
const MOST_WORK = 20;
const LABEL = new TextEncoder().encode("age-encryption.org/v1/scrypt");

export class ScryptRecipient implements Recipient {
  constructor(private readonly passphrase: string, private readonly workFactor: number) {}

  async wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]> {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const key = await derived({ passphrase: this.passphrase, salt, workFactor: this.workFactor });
    try {
      return [new Stanza(["scrypt", base64nopad.encode(salt), String(this.workFactor)], chacha20poly1305(key, new Uint8Array(12)).encrypt(fileKey))];
    } finally {
      wipe(key);
    }
  }
}

export class ScryptIdentity implements Identity {
  constructor(private readonly passphrase: string) {}

  async unwrapFileKey(stanzas: Stanza[]): Promise<Uint8Array | null> {
    const [stanza] = stanzas;
    if (stanza?.args[0] !== "scrypt") return null;
    const [, salt, workFactor] = stanza.args;
    if (stanzas.length !== 1 || stanza.args.length !== 3 || !/^[1-9][0-9]?$/.test(workFactor!) || Number(workFactor) > MOST_WORK || stanza.body.length !== 32) {
      throw new Error("The file's scrypt stanza is malformed, or asks for more work than a browser can do.");
    }
    const key = await derived({ passphrase: this.passphrase, salt: base64nopad.decode(salt!), workFactor: Number(workFactor) });
    try {
      return chacha20poly1305(key, new Uint8Array(12)).decrypt(stanza.body);
    } catch {
      return null; // Another passphrase.
    } finally {
      wipe(key);
    }
  }
}

/** The work itself, on whichever thread this is called. */
export function derive({ passphrase, salt, workFactor }: ScryptQuestion): Uint8Array {
  if (salt.length !== 16) throw new Error("The file's scrypt stanza is malformed.");
  const labelled = new Uint8Array(LABEL.length + salt.length);
  labelled.set(LABEL);
  labelled.set(salt, LABEL.length);
  return scrypt(passphrase, labelled, { N: 2 ** workFactor, r: 8, p: 1, dkLen: 32 });
}

async function derived(question: ScryptQuestion): Promise<Uint8Array> {
  const worker = typeof document === "undefined" ? undefined : startWorker("scrypt");
  if (worker === undefined) return derive(question);
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(`This browser could not do the work that a passphrase takes: ${message || "too little memory"}.`));
      worker.postMessage(question);
    });
  } finally {
    worker.terminate();
  }
}
