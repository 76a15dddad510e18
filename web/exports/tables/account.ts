import { encoder } from "../bytes.ts";
import type { DroppedItem, ExportAccount } from "../reading.ts";
import { showFile } from "../refusal.ts";
import type { ExportSource } from "../source.ts";
import type { RecordReader } from "../values.ts";
import type { FormatDefinition, MapEntry } from "./definition.ts";
import { parseMoment } from "./moment.ts";
import type { SourcePlan } from "./plan.ts";
import { SourceRows, fieldFault, onlyChooses, textOf, transformed } from "./rows.ts";
import { openSource } from "./source-file.ts";

/** Reads whose export it is from the provider's files that say so: of each the first record. As AccountReader.cs. */
export async function readAccount(
  format: FormatDefinition, source: ExportSource, plan: SourcePlan, dropped: DroppedItem[]): Promise<ExportAccount> {
  let account: ExportAccount = { platform: format.platform, id: null, registeredAt: null, exportedAt: null };
  for (const file of plan.ordered(-1)) {
    const { reader, cancel } = await openSource(source, file.entry, file.source, false);
    const name = showFile(file.entry.name);
    const rows = new SourceRows(name, file.source, undefined, [], source.limits);
    if (!(await reader.read())) continue;
    rows.take(reader);
    const value = (entry: MapEntry | undefined, member: string): string | null => valueOf(reader, entry, name, member);
    const map = file.source.account!;
    account = {
      platform: format.platform,
      id: account.id ?? idOf(value(map.id, "id"), name),
      registeredAt: account.registeredAt ?? timeOf(value(map.registeredAt, "registeredAt"), name),
      exportedAt: account.exportedAt ?? timeOf(value(map.exportedAt, "exportedAt"), name),
    };
    dropped.push(...rows.dropped(reader, 1).filter((item) => item.reason !== onlyChooses));
    await cancel();
  }
  return account;
}

function valueOf(reader: RecordReader, entry: MapEntry | undefined, file: string, member: string): string | null {
  if (entry === undefined) return null;
  let value = entry.constant ?? "";
  for (let i = 0; i < entry.from.length && value === ""; i++) value = textOf(reader.get(entry.from[i]!));
  if (value === "") return null;
  const turned = transformed(value, entry);
  if (turned === undefined) throw fieldFault(file, reader.number, member, "is not in a form that is known");
  return turned === "" ? null : turned;
}

function idOf(id: string | null, file: string): string | null {
  const trimmed = id?.trim() ?? null;
  if (trimmed === null || (trimmed.length > 0 && encoder.encode(trimmed).length <= 256 && !/\p{Cc}/u.test(trimmed))) return trimmed;
  throw fieldFault(file, 1, "id", "is not an account's id");
}

// Milliseconds since 1970; a fraction of one is kept.
function timeOf(text: string | null, file: string): number | null {
  if (text === null) return null;
  const moment = parseMoment(text);
  if (moment === undefined) throw fieldFault(file, 1, "time", "is not a moment");
  return moment.seconds * 1000 + moment.ticks / 10_000;
}
