/** Reads `0x` and hexadecimal digits; undefined unless it is exactly that, of the given number of bytes. */
export function fromHex(text: unknown, length: number): Uint8Array<ArrayBuffer> | undefined {
  if (typeof text !== "string" || text.length !== 2 + length * 2 || !/^0x[0-9a-fA-F]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = Number.parseInt(text.slice(2 + i * 2, 4 + i * 2), 16);
  return bytes;
}

export function toHex(bytes: Uint8Array): `0x${string}` {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return `0x${text}`;
}

export function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}
