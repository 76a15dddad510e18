import { isLocal } from "./url.ts";

export interface ConditionJson {
  readonly field: string;
  readonly is?: string | readonly string[];
  readonly isNot?: string | readonly string[];
  readonly startsWith?: string | readonly string[];
  readonly below?: number;
  readonly empty?: boolean;
  readonly localAddress?: boolean;
}

/** Something that may be true of a field. */
export interface Condition {
  readonly field: number;
  readonly holds: (value: string) => boolean;
}

export function conditionOf(json: ConditionJson, placeOf: (field: string) => number): Condition {
  return { field: placeOf(json.field), holds: testOf(json) };
}

function testOf(json: ConditionJson): (value: string) => boolean {
  const texts = (given: string | readonly string[]): readonly string[] => (typeof given === "string" ? [given] : given);
  if (json.is !== undefined) {
    const among = new Set(texts(json.is));
    return (value) => among.has(value);
  }
  if (json.isNot !== undefined) {
    const among = new Set(texts(json.isNot));
    return (value) => !among.has(value);
  }
  if (json.startsWith !== undefined) {
    const starts = texts(json.startsWith);
    return (value) => starts.some((start) => value.startsWith(start));
  }
  if (json.below !== undefined) {
    const most = json.below;
    return (value) => value !== "" && Number(value) < most;
  }
  if (json.empty !== undefined) return json.empty ? (value) => value === "" : (value) => value !== "";
  if (json.localAddress === true) return isLocal;
  throw new Error(`A condition on ${json.field} is not known here.`);
}
