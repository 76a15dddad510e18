/** An export that is not taken, with the same code that the command line gives. */
export class ExportRefused extends Error {
  constructor(readonly code: string, readonly detail: string, readonly hint: string) {
    super(`${code}: ${detail}`);
    this.name = "ExportRefused";
  }
}

/** A hostile text made fit for a message: printable ASCII, at most 60 characters. */
export function show(text: Uint8Array | string): string {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  let shown = "";
  for (const byte of bytes.subarray(0, 60)) shown += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "?";
  return bytes.length > 60 ? `'${shown}…'` : `'${shown}'`;
}
