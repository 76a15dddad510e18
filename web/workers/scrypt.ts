// What makes guessing a passphrase slow, beside the page's own thread. One question, one answer; the page ends it then.
import { derive, type ScryptQuestion } from "../keys/scrypt.ts";

addEventListener("message", ({ data }: MessageEvent<ScryptQuestion>) => {
  const key = derive(data);
  (postMessage as (message: unknown, transfer: Transferable[]) => void)(key, [key.buffer as ArrayBuffer]);
});
