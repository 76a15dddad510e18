import { ed25519 } from "@noble/curves/ed25519.js";

/** A point of ed25519's prime-order subgroup, not the identity. */
export type GroupPoint = InstanceType<typeof ed25519.Point>;

const { Fp, Fn } = ed25519.Point;

export const base: GroupPoint = ed25519.Point.BASE;

/** The group's order. */
export const order: bigint = Fn.ORDER;

/** Reads 32 bytes; undefined unless they are canonical, on the curve, of prime order and not the identity. */
export function parsePoint(bytes: Uint8Array): GroupPoint | undefined {
  if (bytes.length !== 32) return undefined;
  try {
    // Strict decoding (RFC 8032): a non-canonical y throws.
    const point = ed25519.Point.fromBytes(bytes, false);
    return point.is0() || !point.isTorsionFree() ? undefined : point;
  } catch {
    return undefined;
  }
}

/** The point with sign bit 0 whose u-coordinate is an ephemeral share (RFC 7748 §4.1: y = (u − 1)/(u + 1)); undefined when there
 *  is none in the group. */
export function pointOfShare(share: Uint8Array): GroupPoint | undefined {
  const u = readNumber(share);
  if (share.length !== 32 || u >= Fp.ORDER || u === Fp.ORDER - 1n) return undefined;
  return parsePoint(writeNumber(Fp.mul(Fp.sub(u, 1n), Fp.inv(Fp.add(u, 1n)))));
}

/** The u-coordinate of a point, which is what X25519 works on; the point's sign does not matter to it. */
export function toMontgomery(point: GroupPoint): Uint8Array<ArrayBuffer> {
  const { y } = point.toAffine();
  return writeNumber(Fp.mul(Fp.add(1n, y), Fp.inv(Fp.sub(1n, y))));
}

/** scalar · point, for scalars that are public; the identity for zero. */
export function times(point: GroupPoint, scalar: bigint): GroupPoint {
  return point.multiplyUnsafe(Fn.create(scalar));
}

/** The Lagrange coefficient at zero of one place among several. */
export function lagrangeAtZero(index: number, indices: readonly number[]): bigint {
  let [numerator, denominator] = [1n, 1n];
  for (const other of indices) {
    if (other === index) continue;
    numerator = Fn.mul(numerator, BigInt(other));
    denominator = Fn.mul(denominator, Fn.create(BigInt(other) - BigInt(index)));
  }
  return Fn.mul(numerator, Fn.inv(denominator));
}

/** Little-endian, as all numbers of the threshold key are. */
export function readNumber(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

export function writeNumber(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return bytes;
}
