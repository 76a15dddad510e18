import type { PlainCell } from "./cells.ts";
import type { Field } from "./definition.ts";
import type { SeenTexts } from "./seen-texts.ts";

/** What is wrong with a plain value; undefined when nothing is. As FieldCheck.cs. */
export function faultOf(field: Field, cell: PlainCell, seen: SeenTexts | undefined): string | undefined {
  const { constraints } = field;
  if (constraints === undefined) return undefined;
  const { text } = cell;
  if (text === "") return constraints.isRequired ? "is required and missing" : undefined;
  const { minLength, maxLength, minimum, maximum } = constraints;
  if (minLength !== undefined || maxLength !== undefined) {
    // In characters of Unicode.
    const length = maxLength !== undefined && text.length <= maxLength && minLength === undefined ? text.length : characters(text);
    if (minLength !== undefined && length < minLength) return `has ${length} characters, fewer than ${minLength}`;
    if (maxLength !== undefined && length > maxLength) return `has ${length} characters, more than ${maxLength}`;
  }
  if (minimum !== undefined || maximum !== undefined) {
    const rank = field.type.rank!(cell);
    if (rank === undefined) return "is not a number";
    if (minimum !== undefined && rank < minimum.rank) return `is less than ${minimum.text}`;
    if (maximum !== undefined && rank > maximum.rank) return `is greater than ${maximum.text}`;
  }
  if (constraints.enum !== undefined && !constraints.enum.includes(text)) return "is none of the values that are allowed";
  if (constraints.pattern !== undefined && !constraints.pattern.matches(text)) return `does not match the pattern ${constraints.pattern.text}`;
  return seen === undefined || seen.add(text) ? undefined : "stands in an earlier row, and must be unique";
}

const characters = (text: string): number => text.length - (text.match(/[\uD800-\uDBFF]/g)?.length ?? 0);
