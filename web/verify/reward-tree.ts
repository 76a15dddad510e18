import { keccak_256 } from "@noble/hashes/sha3.js";
import { toHex } from "../open/hex.ts";
import { isBelow } from "../open/manifest.ts";
import { hashWordsTwice } from "../market/words.ts";
import { noDigest } from "./log-line.ts";

/** A node of the tree, and the last parent that it was the left child of. */
interface Node {
  readonly hash: Uint8Array;
  right?: Node;
  above?: Node;
}

interface Account {
  readonly account: string;
  points: bigint;
  leaf: Node;
}

/**
 * The tree of rewards over time: after each batch the root over all that have points by then, in the order of their accounts (docs/protocol.md §1).
 *
 * Every state is a whole tree, and most of a tree is the one before. A node remembers its last parent, so what stands beside the same
 * neighbour as before is not hashed again, wherever in the row a new account has pushed it.
 */
export class RewardTree {
  #accounts: Account[] = [];
  readonly #byAccount = new Map<string, Account>();
  sum = 0n;

  get size(): number {
    return this.#accounts.length;
  }

  /** Adds what accounts earned in one batch, each named once. */
  add(earned: ReadonlyMap<string, bigint>): void {
    const fresh: Account[] = [];
    for (const [account, points] of earned) {
      if (points <= 0n) continue;
      this.sum += points;
      const known = this.#byAccount.get(account);
      if (known === undefined) {
        const added = { account, points, leaf: { hash: rewardLeaf(account, points) } };
        this.#byAccount.set(account, added);
        fresh.push(added);
      } else {
        known.points += points;
        known.leaf = { hash: rewardLeaf(account, known.points) };
      }
    }
    if (fresh.length > 0) this.#accounts = merged(this.#accounts, fresh.sort((a, b) => (a.account < b.account ? -1 : 1)));
  }

  root(): string {
    let level: readonly Node[] = this.#accounts.map(({ leaf }) => leaf);
    while (level.length > 1) {
      const above: Node[] = [];
      for (let i = 0; i < level.length; i += 2) above.push(i + 1 < level.length ? parent(level[i]!, level[i + 1]!) : level[i]!);
      level = above;
    }
    return level.length === 0 ? noDigest : toHex(level[0]!.hash);
  }
}

export function rewardLeaf(account: string, points: bigint): Uint8Array {
  return hashWordsTwice([account as `0x${string}`, points]);
}

function parent(left: Node, right: Node): Node {
  if (left.right !== right || left.above === undefined) {
    const [first, second] = isBelow(left.hash, right.hash) ? [left, right] : [right, left];
    left.right = right;
    left.above = { hash: keccak_256.create().update(first.hash).update(second.hash).digest() };
  }
  return left.above;
}

function merged(known: readonly Account[], fresh: readonly Account[]): Account[] {
  const all: Account[] = [];
  let next = 0;
  for (const one of known) {
    while (next < fresh.length && fresh[next]!.account < one.account) all.push(fresh[next++]!);
    all.push(one);
  }
  return all.concat(fresh.slice(next));
}
