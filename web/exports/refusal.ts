/** An export that is not taken, with the same code that the command line gives. */
export class ExportRefused extends Error {
  constructor(readonly code: string, readonly detail: string, readonly hint: string) {
    super(`${code}: ${detail}`);
    this.name = "ExportRefused";
  }
}

/** A hostile text made fit for a message: printable ASCII, at most 60 characters. */
export const show = (text: Uint8Array | string): string => `'${shown(text, 60)}'`;

/** The same for a list of files, where names must be told apart: at most 240 characters, without quotes around them. */
export const showFile = (name: string): string => shown(name, 240);

function shown(text: Uint8Array | string, most: number): string {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  let printable = "";
  for (const byte of bytes.subarray(0, most)) printable += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "?";
  return bytes.length > most ? `${printable}…` : printable;
}
