import { daysOf, parseMoment, parseTimeOfDay, secondsOfDay, ticksOf, writeMoment, writeTimeOfDay } from "./moment.ts";
import type { Moment } from "./moment.ts";
import type { TimePattern } from "./time-pattern.ts";

/** A cell in its plain form, the one way in which the cleaned form writes this value; of dates and times the moment too. */
export interface PlainCell {
  readonly text: string;
  readonly moment?: Moment;
}

/** One type of a Frictionless Table Schema field: tells its values and gives them their plain form. */
export interface FieldType {
  /** As a descriptor says it: `integer`. */
  readonly name: string;
  /** The type's `format` in the cleaned form; undefined for the default. */
  readonly plainFormat?: string;
  /** Undefined when the value is none of this type. */
  plain(value: string): PlainCell | undefined;
  /** Of the same type, values as the cleaned form writes them. */
  readonly asWritten: FieldType;
  /** Where the value stands among those of its type, for `minimum` and `maximum`; undefined when it has no place. */
  rank?(cell: PlainCell): bigint | undefined;
}

/** A type of which the cleaned form is read as any other. */
export function type(
  name: string, plain: (value: string) => PlainCell | undefined, more: Partial<Pick<FieldType, "plainFormat" | "rank" | "asWritten">> = {}): FieldType {
  const made = { name, plain, ...more } as { -readonly [K in keyof FieldType]: FieldType[K] };
  made.asWritten ??= made;
  return made;
}

const asIs = (value: string): PlainCell => ({ text: value });

export const text = (name: string): FieldType => type(name, asIs);

const rank = ({ moment }: PlainCell): bigint | undefined => (moment === undefined ? undefined : ticksOf(moment));

const plainDateTime = type("datetime", (value) => dateTimeCell(parseMoment(value)), { rank });
const plainDate = type("date", (value) => dateCell(value.length === 10 ? parseDate(value) : undefined), { rank });
const plainTime = type("time", (value) => timeCell(parseTimeOfDay(value)), { rank });

/** UTC in plain form: `2019-01-01T20:49:28.5Z`. */
export const dateTime = (pattern?: TimePattern): FieldType =>
  pattern === undefined ? plainDateTime : type("datetime", (value) => dateTimeCell(pattern.parse(value)), { rank, asWritten: plainDateTime });

export const date = (pattern?: TimePattern): FieldType =>
  pattern === undefined ? plainDate : type("date", (value) => dateCell(wholeDays(pattern.parse(value))), { rank, asWritten: plainDate });

/** `20:49:28`. */
export const time = (pattern?: TimePattern): FieldType =>
  pattern === undefined ? plainTime : type("time", (value) => timeCell(ofDay(pattern.parse(value))), { rank, asWritten: plainTime });

/** `2019`, and `2019-01`: written as they are. */
export const year = (hasMonth: boolean): FieldType => type(hasMonth ? "yearmonth" : "year", (value) => {
  const parts = (hasMonth ? /^(\d{4})-(\d\d)$/ : /^(\d{4})$/).exec(value);
  const days = parts === null ? undefined : daysOf(Number(parts[1]), Number(parts[2] ?? 1), 1);
  return days === undefined ? undefined : { text: value, moment: { seconds: days * 86_400, ticks: 0 } };
}, { rank });

// XML Schema's: numbers, each with a letter; the letters in their order, none twice. A month has no length, so it stays as it is.
const durations = /^-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/;

export const duration: FieldType = type("duration", (value) =>
  value.replace(/^-/, "").length <= 64 && durations.test(value) ? { text: value } : undefined);

const isWord = (value: string): boolean => value === "true" || value === "false";
const plainBoolean = type("boolean", (value) => (isWord(value) ? { text: value } : undefined));

export const boolean = (
  trueWords: readonly string[] = ["true", "True", "TRUE", "1"], falseWords: readonly string[] = ["false", "False", "FALSE", "0"]): FieldType =>
  type("boolean", (value) => (trueWords.includes(value) ? { text: "true" } : falseWords.includes(value) ? { text: "false" } : undefined), {
    asWritten: plainBoolean,
  });

const dateTimeCell = (moment: Moment | undefined): PlainCell | undefined =>
  moment === undefined ? undefined : { text: writeMoment(moment), moment };

const dateCell = (moment: Moment | undefined): PlainCell | undefined =>
  moment === undefined ? undefined : { text: writeMoment(moment).slice(0, 10), moment };

const timeCell = (moment: Moment | undefined): PlainCell | undefined =>
  moment === undefined ? undefined : { text: writeTimeOfDay(moment), moment };

function parseDate(value: string): Moment | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  const days = parts === null ? undefined : daysOf(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  return days === undefined ? undefined : { seconds: days * 86_400, ticks: 0 };
}

const wholeDays = (moment: Moment | undefined): Moment | undefined =>
  moment === undefined ? undefined : { seconds: moment.seconds - secondsOfDay(moment), ticks: 0 };

const ofDay = (moment: Moment | undefined): Moment | undefined =>
  moment === undefined ? undefined : { seconds: secondsOfDay(moment), ticks: moment.ticks };
