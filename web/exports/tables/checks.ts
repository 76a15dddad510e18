import { grouped } from "../bytes.ts";
import type { ExportAccount, StructureCheck } from "../reading.ts";
import { ExportRefused } from "../refusal.ts";
import type { PlainCell } from "./cells.ts";
import type { FormatDefinition, Table } from "./definition.ts";
import { shownMoment } from "./moment.ts";

const snowflakeEpoch = 1_288_834_974_657n;
const firstSnowflake = 29_700_859_247n;
const hint = "Pass the export as you received it.";

/** What can be told from the rows alone: dates within the account's life, and ids that hold their own time. */
export class StructureChecks {
  readonly #format: FormatDefinition;
  readonly #account: ExportAccount;
  readonly #first: number;
  readonly #last: number;
  #dates = 0;
  #ids = 0;
  #mismatches = 0;
  #dateFault: string | undefined;
  #idFault: string | undefined;

  constructor(format: FormatDefinition, account: ExportAccount, skewSeconds: number) {
    this.#format = format;
    this.#account = account;
    this.#first = account.registeredAt === null ? -Infinity : account.registeredAt / 1000 - skewSeconds;
    this.#last = account.exportedAt === null ? Infinity : account.exportedAt / 1000 + skewSeconds;
  }

  take(table: Table, row: readonly PlainCell[], file: string, number: number): void {
    const moment = table.time >= 0 ? row[table.time]!.moment : undefined;
    if (moment === undefined) return;
    this.#dates++;
    const at = moment.seconds + moment.ticks / 1e7;
    const dated = `${file}, row ${grouped(number)} is dated ${shownMoment(moment)}`;
    if (at < this.#first || at > this.#last) this.#dateFault ??= `${dated}, outside the account's life or to come.`;
    const rule = table.idTime;
    const held = rule === undefined ? undefined : heldSeconds(row[rule.field]!.text, rule.isSnowflake);
    if (rule === undefined || held === undefined) return;
    this.#ids++;
    if (Math.abs(moment.seconds - held) <= rule.within) return;
    this.#mismatches++;
    if (rule.refuses) this.#idFault ??= `${dated}, which is not the time in its id.`;
  }

  conclude(): StructureCheck[] {
    return [this.#concludeDates(), ...(this.#format.tables.some((table) => table.idTime !== undefined) ? [this.#concludeIds()] : [])];
  }

  #concludeDates(): StructureCheck {
    if (this.#dateFault !== undefined) return failed("dates", "export.date_out_of_life", this.#dateFault);
    return this.#account.registeredAt === null && this.#account.exportedAt === null
      ? { name: "dates", outcome: "NotChecked", evidence: "The export does not say when the account began or when it was exported." }
      : { name: "dates", outcome: "Passed", evidence: `${grouped(this.#dates)} dates lie within the account's life.` };
  }

  #concludeIds(): StructureCheck {
    if (this.#idFault !== undefined) return failed("id_time", "export.id_time", this.#idFault);
    return this.#ids === 0
      ? { name: "id_time", outcome: "NotChecked", evidence: "No id holds its own time." }
      : {
        name: "id_time", outcome: "Passed",
        evidence: `${grouped(this.#ids - this.#mismatches)} of ${grouped(this.#ids)} ids that hold a time hold their row's.`,
      };
  }
}

const failed = (name: string, code: string, evidence: string): StructureCheck =>
  ({ name, outcome: "Failed", evidence, refusal: new ExportRefused(code, evidence, hint) });

// The second that an id holds; undefined when it holds none.
function heldSeconds(id: string, isSnowflake: boolean): number | undefined {
  if (isSnowflake) {
    if (!/^\d{1,20}$/.test(id) || BigInt(id) < firstSnowflake) return undefined;
    return Math.floor(Number((BigInt(id) >> 22n) + snowflakeEpoch) / 1000);
  }
  // A UUID of version 8, whose layout is its maker's own; others are random.
  const digits = id.length === 36 && id[14] === "8" ? /^[0-9a-f]{8}/i.exec(id)?.[0] : undefined;
  return digits === undefined ? undefined : parseInt(digits, 16);
}
