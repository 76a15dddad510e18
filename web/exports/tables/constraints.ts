import type { PlainCell } from "./cells.ts";
import type { Field } from "./definition.ts";

/** What is wrong with a plain value; undefined when nothing is. As FieldCheck.cs. */
export function faultOf(field: Field, cell: PlainCell, seen: Set<string> | undefined): string | undefined {
  const { constraints } = field;
  const { text } = cell;
  if (text === "") return constraints.required === true ? "is required and missing" : undefined;
  if (constraints.minLength !== undefined || constraints.maxLength !== undefined) {
    // In characters of Unicode.
    const length = text.length - (text.match(/[\uD800-\uDBFF]/g)?.length ?? 0);
    if (constraints.minLength !== undefined && length < constraints.minLength) return `has ${length} characters, fewer than ${constraints.minLength}`;
    if (constraints.maxLength !== undefined && length > constraints.maxLength) return `has ${length} characters, more than ${constraints.maxLength}`;
  }
  const rankOf = (bound: string | number): bigint => field.type.rank!(field.type.plain(String(bound))!)!;
  if (constraints.minimum !== undefined && field.type.rank!(cell)! < rankOf(constraints.minimum)) return `is less than ${constraints.minimum}`;
  if (constraints.maximum !== undefined && field.type.rank!(cell)! > rankOf(constraints.maximum)) return `is greater than ${constraints.maximum}`;
  if (constraints.enum !== undefined && !constraints.enum.includes(text)) return "is none of the values that are allowed";
  if (field.pattern !== undefined && !field.pattern.test(text)) return `does not match the pattern ${constraints.pattern}`;
  if (seen === undefined) return undefined;
  if (seen.has(text)) return "stands in an earlier row, and must be unique";
  seen.add(text);
  return undefined;
}
