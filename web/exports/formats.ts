import appleHealth from "../../src/Commonhold.Exports/AppleHealth/format.json";
import browsing from "../../src/Commonhold.Exports/BrowsingHistory/format.json";
import chatGpt from "../../src/Commonhold.Exports/ChatGpt/format.json";
import netflix from "../../src/Commonhold.Exports/Netflix/format.json";
import spotify from "../../src/Commonhold.Exports/Spotify/format.json";
import x from "../../src/Commonhold.Exports/X/format.json";
import * as reddit from "./reddit/definition.ts";
import { ExportRefused } from "./refusal.ts";
import { defineFormat } from "./tables/definition.ts";
import type { FormatDefinition, FormatJson } from "./tables/definition.ts";
import { readDescriptor } from "./tables/descriptor/format.ts";

/** The formats that are definitions in data, in the order in which they are asked to recognise a file. */
export const tableFormats: readonly FormatDefinition[] = ([x, chatGpt, spotify, netflix, browsing, appleHealth] as unknown as FormatJson[]).map(defineFormat);

/** The format of a dataset's schema; undefined when it is none that is known. A descriptor makes one of its own. */
export function formatFor(schema: string | undefined, descriptor: Uint8Array | undefined): FormatDefinition | undefined {
  if (descriptor === undefined) return tableFormats.find((format) => format.schema === schema);
  const made = schema !== undefined && isOurs(schema) ? undefined : readDescriptor(schema, descriptor);
  if (made !== undefined && !isOurs(made.schema)) return made;
  throw new ExportRefused(
    "descriptor.invalid", `The schema '${made?.schema ?? schema}' is one of ours and cannot be described otherwise.`, "Give the dataset's schema a name of its own.");
}

const isOurs = (schema: string): boolean => schema === reddit.schema || tableFormats.some((format) => format.schema === schema);
