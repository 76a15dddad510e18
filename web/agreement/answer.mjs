// Reads exports with the code of the browser, for BrowserAgreementTests.cs: a line of JSON for each question on standard input,
// { path, fileName, schema, descriptor, cleaned, stops }, and a line for each answer. Nothing but this file is Node's own.
import { openAsBlob } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { ExportRefused, read, recognise } from "../dist/exports.mjs";

process.removeAllListeners("warning"); // openAsBlob is announced as experimental in Node 20
process.on("warning", () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const { path, fileName, schema, descriptor, cleaned, stops } = JSON.parse(line);
  const file = Object.assign(await openAsBlob(path), { name: fileName });
  const dataset = { schema, descriptor: descriptor == null ? undefined : new TextEncoder().encode(descriptor) };
  const output = await open(cleaned, "w");
  const stopping = new AbortController();
  let stream = "open";
  let last = [0, 0];
  let answer;
  try {
    const reading = await read(file, {
      ...dataset,
      cleaned: new WritableStream({
        write: async (bytes) => void (await output.write(bytes)),
        close: () => void (stream = "closed"),
        abort: () => void (stream = "aborted"),
      }),
      progress: (...at) => {
        last = at;
        if (stops) stopping.abort("enough");
      },
      signal: stopping.signal,
    });
    const recognised = await recognise(file, dataset);
    answer = { ...reading, recognised, isWhole: last[0] === last[1], checks: reading.checks.map(({ name, outcome, evidence }) => ({ name, outcome, evidence })) };
  } catch (error) {
    if (!(error instanceof ExportRefused) && error !== "enough") throw error;
    answer = error === "enough" ? { stopped: true } : { refusal: { code: error.code, detail: error.detail, hint: error.hint } };
  } finally {
    await output.close();
  }
  process.stdout.write(JSON.stringify({ ...answer, stream }) + "\n");
}
