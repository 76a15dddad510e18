// Answers BrowserCreationTests.cs: one JSON question a line of standard input, what the browser's code makes of it on a line of standard output.
import { createInterface } from "node:readline";
import { buildPlan } from "../creation/build.ts";
import type { CreationParts } from "../creation/plan.ts";
import { standardPolicy } from "../creation/policy.ts";
import { holdTyped, type Typed } from "../creation/typed.ts";
import type { Address } from "viem";

interface Question {
  readonly parts: CreationParts;
  readonly deployer: Address;
  readonly typed?: Typed;
}

for await (const line of createInterface({ input: process.stdin })) {
  let said: unknown;
  try {
    const { parts, deployer, typed } = JSON.parse(line) as Question;
    if (typed !== undefined) holdTyped(parts.settings, typed);
    const { contracts, deployments } = buildPlan(parts, deployer);
    said = { contracts, deployments, standardPolicy: standardPolicy(parts.settings.schemaName) };
  } catch (problem) {
    said = { refused: (problem as Error).name, message: (problem as Error).message };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
