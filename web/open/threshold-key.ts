import { OpeningRefused } from "./refusal.ts";
import { parsePoint, times, toMontgomery } from "./points.ts";
import type { GroupPoint } from "./points.ts";

/**
 * The public side of a dataset key: t combined Feldman commitments, from which all else follows (protocol.md §4).
 *
 * D = C₀ is the dataset's point, its u-coordinate the recipient; S_i = Σ C_k · i^k is guardian i's public share.
 */
export class ThresholdKey {
  readonly guardians: number;
  readonly recipient: Uint8Array<ArrayBuffer>;
  readonly #commitments: readonly GroupPoint[];

  /** Takes the commitments as the chain has them, 32 bytes each. */
  constructor(guardians: number, commitments: readonly Uint8Array[]) {
    if (commitments.length < 1 || guardians > 64 || commitments.length > guardians) throw unusable(`${commitments.length} commitments of ${guardians} guardians`);
    this.guardians = guardians;
    this.#commitments = commitments.map((bytes) => parsePoint(bytes) ?? fail("a commitment is no point of the group"));
    this.recipient = toMontgomery(this.point);
  }

  get threshold(): number {
    return this.#commitments.length;
  }

  get point(): GroupPoint {
    return this.#commitments[0]!;
  }

  /** S_i of guardian `index`, 1 to n. */
  publicShare(index: number): GroupPoint {
    if (!Number.isInteger(index) || index < 1 || index > this.guardians) throw unusable(`there is no guardian ${index}`);
    // Horner's rule, highest power first.
    let sum = this.#commitments[this.#commitments.length - 1]!;
    for (let k = this.#commitments.length - 2; k >= 0; k--) sum = times(sum, BigInt(index)).add(this.#commitments[k]!);
    return sum.is0() ? fail("a guardian's public share is the identity") : sum;
  }
}

function unusable(why: string): OpeningRefused {
  return new OpeningRefused("contribution.unknown_epoch", `The chain has no usable key of this epoch: ${why}.`);
}

function fail(why: string): never {
  throw unusable(why);
}
