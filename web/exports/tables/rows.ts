import { encoder, grouped } from "../bytes.ts";
import type { ExportLimits } from "../limits.ts";
import type { DroppedItem } from "../reading.ts";
import { ExportRefused } from "../refusal.ts";
import type { RecordReader, SourceValue } from "../values.ts";
import type { PlainCell } from "./cells.ts";
import { faultOf } from "./constraints.ts";
import type { SeenTexts } from "./seen-texts.ts";
import type { MapEntry, SourceDefinition, Table } from "./definition.ts";

/** Why a field stays behind that no map names. */
export const onlyChooses = "only tells which records to take";

/** Says file, row and column and never the value: refusals are public, what they refuse is not. */
export const fieldFault = (file: string, row: number, column: string, fault: string): ExportRefused => new ExportRefused(
  "export.field_invalid", `${file}, row ${grouped(row)}, column '${column}' ${fault}.`,
  "Pass the export as you received it; if the provider changed it, update this program.");

/** Turns the records of one provider's file into rows in plain form, and keeps count of what stays behind. As SourceRows.cs. */
export class SourceRows {
  readonly #file: string;
  readonly #source: SourceDefinition;
  readonly #table: Table | undefined;
  readonly #seen: readonly (SeenTexts | undefined)[];
  readonly #maxField: number;
  readonly #maxRow: number;
  readonly #wasThere: boolean[];
  readonly #isMapped: boolean[];
  readonly #skipped: number[];
  readonly #unusable: number[];

  constructor(file: string, source: SourceDefinition, table: Table | undefined, seen: readonly (SeenTexts | undefined)[], limits: ExportLimits) {
    this.#file = file;
    this.#source = source;
    this.#table = table;
    this.#seen = seen;
    this.#maxField = limits.fieldBytes / 2 - 2;
    this.#maxRow = limits.rowBytes / 2 - 4096;
    this.#wasThere = source.fields.map(() => false);
    const mapped = new Set(source.map.flatMap((entry) => entry?.from ?? []));
    this.#isMapped = source.fields.map((_, at) => mapped.has(at));
    this.#skipped = source.skip.map(() => 0);
    this.#unusable = (table?.fields ?? []).map(() => 0);
  }

  /** The row of the reader's record; undefined when the record stays behind. */
  take(reader: RecordReader): PlainCell[] | undefined {
    for (let field = 0; field < this.#wasThere.length; field++) if (!this.#wasThere[field] && reader.get(field) !== undefined) this.#wasThere[field] = true;
    for (const [i, condition] of this.#source.skip.entries()) {
      if (!condition.holds(textOf(reader.get(condition.field)))) continue;
      this.#skipped[i]!++;
      return undefined;
    }

    const row: PlainCell[] = [];
    let length = 0;
    for (let place = 0; place < (this.#table?.fields.length ?? 0); place++) {
      const cell = this.#cell(reader, place);
      if (cell === undefined) {
        this.#unusable[place]!++;
        return undefined;
      }
      row.push(cell);
      length += utf8Length(cell.text);
    }
    if (length > this.#maxRow)
      throw new ExportRefused(
        "export.row_too_long", `${this.#file}, row ${grouped(reader.number)} has more than ${grouped(this.#maxRow)} bytes in the cleaned form.`,
        "Leave this record out of the export.");
    return row;
  }

  /** What stayed behind so far, and why. */
  dropped(reader: RecordReader, rows: number): DroppedItem[] {
    const { fields, skip } = this.#source;
    const file = this.#file;
    const items: DroppedItem[] = reader.otherFields.map((column) => ({ file, column, rows, reason: this.#privateReason(column) ?? "not a field we know" }));
    for (const [at, column] of fields.entries()) {
      if (!this.#wasThere[at]) continue;
      const reason = this.#privateReason(column) ?? (this.#isMapped[at] ? undefined : onlyChooses);
      if (reason !== undefined) items.push({ file, column, rows, reason });
    }
    for (const [i, count] of this.#skipped.entries()) if (count > 0) items.push({ file, column: null, rows: count, reason: skip[i]!.because });
    for (const [i, count] of this.#unusable.entries())
      if (count > 0) items.push({ file, column: null, rows: count, reason: `records without a usable '${this.#table!.fields[i]!.name}'` });
    return items;
  }

  #privateReason(column: string): string | undefined {
    return Object.hasOwn(this.#source.private, column) ? this.#source.private[column] : undefined;
  }

  // Undefined: the record cannot be used without it and is passed over.
  #cell(reader: RecordReader, place: number): PlainCell | undefined {
    const field = this.#table!.fields[place]!;
    const entry = this.#source.map[place];
    const cell = this.#plain(reader, entry, place);
    if (typeof cell !== "string") return cell;
    if (entry?.onInvalid === "skip") return undefined;
    if (entry?.onInvalid === "empty" && field.constraints?.isRequired !== true) return { text: "" };
    throw fieldFault(this.#file, reader.number, field.name, cell);
  }

  // The cell, or what is wrong with it.
  #plain(reader: RecordReader, entry: MapEntry | undefined, place: number): PlainCell | string {
    const field = this.#table!.fields[place]!;
    let value = entry?.constant ?? "";
    let kind: SourceValue["kind"] = "text";
    for (let i = 0; entry !== undefined && i < entry.from.length && value === ""; i++) {
      const found = reader.get(entry.from[i]!);
      kind = found?.kind ?? "null";
      value = textOf(found);
    }
    if (kind === "blob") return "is no text";
    if (value !== "" && entry !== undefined) {
      const turned = transformed(value, entry);
      if (turned === undefined) return "is not in a form that is known";
      value = turned;
      // A structure that nothing turned into text is a value of JSON's own types alone.
      if (kind === "structure" && entry.transforms.length === 0 && !["object", "array", "any"].includes(field.type.name)) return "is an object or a list";
    }
    if (this.#table!.missing.includes(value)) value = "";
    // JSON writes numbers and booleans in one way, whatever the descriptor says of text.
    const type = kind === "text" && entry?.transforms.length === 0 ? field.type : field.type.asWritten;
    const cell = value === "" ? { text: "" } : type.plain(value) ?? (type === field.type ? undefined : field.type.plain(value));
    if (cell === undefined) return `is not of the type ${field.type.name}`;
    const fault = faultOf(field, cell, this.#seen[place]);
    if (fault !== undefined) return fault;
    return utf8Length(cell.text) > this.#maxField ? `has more than ${grouped(this.#maxField)} bytes` : cell;
  }
}

/** A value through the transforms of an entry; undefined when one of them does not know it. */
export function transformed(value: string, entry: MapEntry): string | undefined {
  let turned: string | undefined = value;
  for (const transform of entry.transforms) {
    turned = transform(turned);
    if (turned === undefined) return undefined;
  }
  return turned;
}

/** A field's text; a structure's is its JSON, and empty when it holds nothing. */
export function textOf(value: SourceValue | undefined): string {
  if (value === undefined || value.kind === "null" || (value.kind === "structure" && value.text.length <= 2)) return "";
  return value.text;
}

// Three bytes are the most that a code unit takes, so short texts need not be counted.
const utf8Length = (text: string): number => (text.length < 1024 ? text.length * 3 : encoder.encode(text).length);
