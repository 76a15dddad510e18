import appleHealth from "../../src/Commonhold.Exports/AppleHealth/format.json";
import browsing from "../../src/Commonhold.Exports/BrowsingHistory/format.json";
import chatGpt from "../../src/Commonhold.Exports/ChatGpt/format.json";
import netflix from "../../src/Commonhold.Exports/Netflix/format.json";
import spotify from "../../src/Commonhold.Exports/Spotify/format.json";
import x from "../../src/Commonhold.Exports/X/format.json";
import { ExportRefused } from "./refusal.ts";
import { defineFormat } from "./tables/definition.ts";
import type { FormatDefinition, FormatJson } from "./tables/definition.ts";

/** The formats that are definitions in data, in the order in which they are asked to recognise a file. */
export const tableFormats: readonly FormatDefinition[] = ([x, chatGpt, spotify, netflix, browsing, appleHealth] as unknown as FormatJson[]).map(defineFormat);

/** The format of a dataset's schema; undefined when it is none that is known. A descriptor makes one of its own. */
export function formatFor(schema: string | undefined, descriptor: Uint8Array | undefined): FormatDefinition | undefined {
  const known = tableFormats.find((format) => format.schema === schema);
  if (descriptor !== undefined)
    throw new ExportRefused("export.not_in_browser", `${schema} is read by the command line only so far.`, "commonhold contribute");
  return known;
}
