/** Reads what strangers send: never more bytes than one says. How long one waits is the `signal` of the fetch, which covers the body too. */
export class TooMuch extends Error {
  override readonly name = "TooMuch";

  constructor(readonly most: number) {
    super(`The answer is longer than ${most.toLocaleString("en")} bytes.`);
  }
}

/** Of one answer of a chain's endpoint, whoever asks it what. */
export const mostChainBytes = 32 * 1024 * 1024;

/** The body, piece by piece; what comes after the limit is not read. */
export async function* piecesWithin(response: Response, most: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
      if (bytes > most) throw new TooMuch(most);
      yield value;
    }
  } finally {
    // Whoever is not listened to any more should not go on sending.
    void reader.cancel().catch(() => undefined);
  }
}

export async function bytesWithin(response: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of piecesWithin(response, most)) {
    pieces.push(piece);
    length += piece.length;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** @throws TypeError when it is not UTF-8. */
export async function textWithin(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const parts: string[] = [];
  for await (const piece of piecesWithin(response, most)) parts.push(decoder.decode(piece, { stream: true }));
  return parts.join("") + decoder.decode();
}

export async function jsonWithin(response: Response, most: number): Promise<unknown> {
  return JSON.parse(await textWithin(response, most));
}
