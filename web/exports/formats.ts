import chatGpt from "../../src/Commonhold.Exports/ChatGpt/format.json";
import netflix from "../../src/Commonhold.Exports/Netflix/format.json";
import spotify from "../../src/Commonhold.Exports/Spotify/format.json";
import x from "../../src/Commonhold.Exports/X/format.json";
import { defineFormat } from "./tables/definition.ts";
import type { FormatDefinition, FormatJson } from "./tables/definition.ts";

/** The formats that are definitions in data, in the order in which they are asked to recognise a file. Browsing histories and Apple
 *  Health need readers of SQLite and XML, which the browser does not have yet. */
export const tableFormats: readonly FormatDefinition[] = ([x, chatGpt, spotify, netflix] as unknown as FormatJson[]).map(defineFormat);

/** Schemas that the command line reads and the browser does not yet. */
export const commandLineSchemas: readonly string[] = ["browsing-history-v1", "apple-health-v1"];
