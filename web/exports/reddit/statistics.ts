import { decode } from "../bytes.ts";
import type { CsvReader } from "../csv/reader.ts";
import type { DroppedItem, ExportAccount } from "../reading.ts";
import { ExportRefused, show } from "../refusal.ts";
import { parseDate } from "./date.ts";
import { privateStatistics, publicStatistics } from "./definition.ts";

const hint = "Pass the export as Reddit sent it.";

/** Takes the account and its life from the rows of `statistics.csv`. */
export class StatisticsFile {
  #name: string | undefined;
  #registered: number | undefined;
  #exported: number | undefined;

  /** Rows that cleaning leaves out. */
  readonly dropped: DroppedItem[] = [];

  /** Notes a row; true when cleaning keeps it. */
  take(reader: CsvReader, statistic: number, valueAt: number): boolean {
    const name = reader.value(statistic);
    const text = decode(name);
    const value = reader.text(valueAt);
    if (text === "account name") {
      if (this.#name !== undefined || !/^[A-Za-z0-9_-]{1,32}$/.test(value))
        throw new ExportRefused("export.statistics", "statistics.csv gives no single valid account name.", hint);
      this.#name = value;
    } else if (text === "registration date") {
      this.#registered = date(value, text);
    } else if (text === "export time") {
      this.#exported = date(value, text);
    }

    if (name.length <= 64 && publicStatistics.has(text)) return true;
    if (this.dropped.length < 64)
      this.dropped.push({
        file: "statistics.csv", column: show(name).replace(/^'+|'+$/g, ""), rows: 1,
        reason: Object.hasOwn(privateStatistics, text) ? privateStatistics[text]! : "not a row we know",
      });
    return false;
  }

  account(): ExportAccount & { readonly registeredAt: number; readonly exportedAt: number } {
    if (this.#name === undefined || this.#registered === undefined || this.#exported === undefined) {
      const missing = this.#name === undefined ? "account name" : this.#registered === undefined ? "registration date" : "export time";
      throw new ExportRefused("export.statistics", `statistics.csv has no ${missing}.`, hint);
    }
    return { platform: "reddit", id: this.#name, registeredAt: this.#registered, exportedAt: this.#exported };
  }
}

function date(value: string, row: string): number {
  const at = parseDate(value);
  if (at === undefined) throw new ExportRefused("export.date", `The ${row} in statistics.csv is no date: ${show(value)}.`, hint);
  return at;
}
