import { daysOf, parseMoment, writeMoment } from "./moment.ts";
import type { Moment } from "./moment.ts";

/** A cell in its plain form, the one way in which the cleaned form writes this value; of dates and datetimes the moment too. */
export interface PlainCell {
  readonly text: string;
  readonly moment?: Moment;
}

/** Tells values of a type and gives them their plain form; undefined when the value is none of this type. */
export type FieldType = (value: string) => PlainCell | undefined;

const trueWords = ["true", "True", "TRUE", "1"];
const falseWords = ["false", "False", "FALSE", "0"];

const text: FieldType = (value) => ({ text: value });

const integer: FieldType = (value) => {
  const parts = /^([+-]?)0*(\d{1,38}?)$/.exec(value);
  if (parts === null || !/\d$/.test(value)) return undefined;
  const digits = parts[2]!.replace(/^0+(?=\d)/, "");
  return { text: parts[1] === "-" && digits !== "0" ? `-${digits}` : digits };
};

const boolean: FieldType = (value) =>
  trueWords.includes(value) ? { text: "true" } : falseWords.includes(value) ? { text: "false" } : undefined;

const datetime: FieldType = (value) => {
  const moment = parseMoment(value);
  return moment === undefined ? undefined : { text: writeMoment(moment), moment };
};

const date: FieldType = (value) => {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  const days = parts === null ? undefined : daysOf(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  return days === undefined ? undefined : { text: value, moment: { seconds: days * 86_400, ticks: 0 } };
};

/** The types that are read here. The others of Table Schema are the command line's alone so far. */
export const fieldTypes: ReadonlyMap<string, FieldType> = new Map([
  ["string", text], ["any", text], ["integer", integer], ["boolean", boolean], ["datetime", datetime], ["date", date],
]);
