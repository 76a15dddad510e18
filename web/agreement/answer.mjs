// Reads exports with the code of the browser, for BrowserAgreementTests.cs: a line of JSON for each question on standard input,
// { path, fileName, schema, cleaned }, and a line for each answer. Nothing but this file is Node's own.
import { openAsBlob } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { ExportRefused, cleanExport, recogniseExport } from "../dist/exports.mjs";

process.removeAllListeners("warning"); // openAsBlob is announced as experimental in Node 20
process.on("warning", () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const { path, fileName, schema, cleaned } = JSON.parse(line);
  const file = await openAsBlob(path);
  const output = await open(cleaned, "w");
  let answer;
  try {
    const reading = await cleanExport(file, fileName, schema, { write: async (bytes) => void (await output.write(bytes)) });
    const recognised = await recogniseExport(file, fileName);
    answer = { ...reading, recognised, checks: reading.checks.map(({ name, outcome, evidence }) => ({ name, outcome, evidence })) };
  } catch (error) {
    if (!(error instanceof ExportRefused)) throw error;
    answer = { refusal: { code: error.code, detail: error.detail, hint: error.hint } };
  } finally {
    await output.close();
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
