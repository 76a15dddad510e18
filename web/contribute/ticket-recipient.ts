import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64nopad, bech32 } from "@scure/base";
import { Stanza } from "age-encryption";
import type { Recipient } from "age-encryption";

/** The ephemeral secret of one file's dataset stanza, and the share that the stanza carries; 32 bytes each. */
export interface Ticket {
  readonly secret: Uint8Array;
  readonly share: Uint8Array;
}

/**
 * Encrypts one file to a recipient and keeps the ephemeral secret of its stanza, which becomes the ticket (docs/protocol.md §4, §5).
 * The stanza itself is an ordinary one: any age program opens it.
 */
export class TicketRecipient implements Recipient {
  readonly #point: Uint8Array;
  #ticket: Ticket | undefined;

  constructor(recipient: string) {
    this.#point = pointOf(recipient);
  }

  get ticket(): Ticket {
    if (this.#ticket === undefined) throw new Error("Nothing has been encrypted yet.");
    return this.#ticket;
  }

  // age v1, "The X25519 recipient type".
  wrapFileKey(fileKey: Uint8Array): Stanza[] {
    // One ephemeral secret, one file: a share that is used twice would be refused as a copy.
    if (this.#ticket !== undefined) throw new Error("A ticket recipient encrypts one file.");
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const share = x25519.getPublicKey(secret);
    const shared = x25519.getSharedSecret(secret, this.#point); // throws for points of low order
    const salt = new Uint8Array([...share, ...this.#point]);
    const key = hkdf(sha256, shared, salt, "age-encryption.org/v1/X25519", 32);
    const body = chacha20poly1305(key, new Uint8Array(12)).encrypt(fileKey);
    shared.fill(0);
    key.fill(0);
    this.#ticket = { secret, share };
    return [new Stanza(["X25519", base64nopad.encode(share)], body)];
  }

  /** Forgets the secret. */
  wipe(): void {
    this.#ticket?.secret.fill(0);
  }
}

/** The 32 bytes in `age1…`; throws unless it is an X25519 recipient. */
export function pointOf(recipient: string): Uint8Array {
  const { prefix, bytes } = bech32.decodeToBytes(recipient);
  if (prefix !== "age" || bytes.length !== 32 || recipient !== recipient.toLowerCase()) throw new Error(`'${recipient}' is no X25519 recipient.`);
  return bytes;
}

/** True for an X25519 recipient as age writes them. */
export function isRecipient(text: string | undefined): text is string {
  try {
    return text !== undefined && pointOf(text).length === 32;
  } catch {
    return false;
  }
}
