const tables: Uint32Array[] = [];
for (let k = 0; k < 4; k++) {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let value = k === 0 ? i : tables[k - 1]![i]!;
    if (k === 0) for (let bit = 0; bit < 8; bit++) value = (value & 1) !== 0 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    else value = (value >>> 8) ^ tables[0]![value & 0xff]!;
    table[i] = value >>> 0;
  }
  tables.push(table);
}

const [t0, t1, t2, t3] = tables as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];

/** CRC-32 of ZIP, continued; start with 0. */
export function appendCrc32(crc: number, bytes: Uint8Array): number {
  let value = ~crc;
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    value ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    value = t3[value & 0xff]! ^ t2[(value >>> 8) & 0xff]! ^ t1[(value >>> 16) & 0xff]! ^ t0[value >>> 24]!;
  }
  for (; i < bytes.length; i++) value = (value >>> 8) ^ t0[(value ^ bytes[i]!) & 0xff]!;
  return ~value >>> 0;
}
