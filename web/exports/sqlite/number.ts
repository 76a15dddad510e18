/** A whole number: a bigint only where a double would not hold it, so that `===` tells equal ones. */
export type Whole = number | bigint;

/** Reads the numbers of SQLite (file format §1.6 and §2.1); what was read stands in `value`. */
export class NumberReader {
  value: Whole = 0;

  /** Reads a varint of 1 to 9 bytes; its length, or 0 when the bytes end before it does. */
  varint(bytes: Uint8Array, at: number): number {
    let sum = 0;
    for (let i = 0; i < 7; i++) {
      const byte = bytes[at + i];
      if (byte === undefined) return 0;
      sum = sum * 128 + (byte & 0x7f);
      if (byte < 0x80) {
        this.value = sum;
        return i + 1;
      }
    }
    const eighth = bytes[at + 7];
    if (eighth === undefined) return 0;
    let large = (BigInt(sum) << 7n) | BigInt(eighth & 0x7f);
    let length = 8;
    if (eighth >= 0x80) {
      const ninth = bytes[at + 8];
      if (ninth === undefined) return 0;
      large = BigInt.asIntN(64, (large << 8n) | BigInt(ninth));
      length = 9;
    }
    this.value = whole(large);
    return length;
  }
}

/** A big-endian integer of 1 to 8 bytes with its sign. */
export function readInteger(bytes: Uint8Array, at: number, length: number): Whole {
  let value = (bytes[at]! << 24) >> 24;
  const end = at + length;
  if (length <= 6) {
    for (let i = at + 1; i < end; i++) value = value * 256 + bytes[i]!;
    return value;
  }
  let large = BigInt(value);
  for (let i = at + 1; i < end; i++) large = (large << 8n) | BigInt(bytes[i]!);
  return whole(large);
}

export const whole = (large: bigint): Whole =>
  large >= BigInt(Number.MIN_SAFE_INTEGER) && large <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(large) : large;

/** A double as .NET's "R" writes it: the shortest that is read back as the same, with an exponent below 0.0001 and from 10¹⁵. */
export function writeReal(value: number): string {
  if (!Number.isFinite(value) || value === 0) return Object.is(value, -0) ? "-0" : String(value);
  const [mantissa, exponentText] = value.toExponential().split("e") as [string, string];
  const exponent = Number(exponentText);
  if (exponent >= 15 || exponent <= -5) return `${mantissa}E${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  return String(value);
}
