import { daysOf, inRange, offsetOf } from "./moment.ts";
import type { Moment } from "./moment.ts";

const months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

interface Parts {
  year: number;
  month: number;
  day: number;
  dayOfYear: number;
  hour: number;
  minute: number;
  second: number;
  half: number;
  ticks: number;
  offset: number;
}

interface Step {
  readonly match: RegExp;
  /** Takes what was matched; false: there is no such moment. */
  readonly take: ((text: string, parts: Parts) => boolean) | undefined;
}

const step = (match: RegExp, take: (text: string, parts: Parts) => boolean | void): Step => ({ match, take: (text, parts) => take(text, parts) !== false });

const directives: ReadonlyMap<string, Step> = new Map([
  ["Y", step(/\d{4}/y, (text, parts) => void (parts.year = Number(text)))],
  // POSIX: 69–99 are 1969–1999, 00–68 are 2000–2068.
  ["y", step(/\d{2}/y, (text, parts) => void (parts.year = Number(text) + (Number(text) < 69 ? 2000 : 1900)))],
  ["m", step(/\d{1,2}/y, (text, parts) => void (parts.month = Number(text)))],
  ["d", step(/\d{1,2}/y, (text, parts) => void (parts.day = Number(text)))],
  ["j", step(/\d{1,3}/y, (text, parts) => (parts.dayOfYear = Number(text)) > 0)],
  ["H", step(/\d{1,2}/y, (text, parts) => (parts.hour = Number(text)) < 24)],
  ["I", step(/\d{1,2}/y, (text, parts) => (parts.hour = Number(text)) >= 1 && parts.hour <= 12)],
  ["M", step(/\d{1,2}/y, (text, parts) => (parts.minute = Number(text)) < 60)],
  ["S", step(/\d{1,2}/y, (text, parts) => (parts.second = Number(text)) <= 60)],
  ["f", step(/\d+/y, (text, parts) => {
    parts.ticks = Number(text.slice(0, 7).padEnd(7, "0"));
    return text.length <= 9;
  })],
  ["p", step(/[AaPp][Mm]/y, (text, parts) => void (parts.half = /^p/i.test(text) ? 2 : 1))],
  ["b", step(new RegExp(months.map((name) => name.slice(0, 3)).join("|"), "iy"), (text, parts) =>
    void (parts.month = months.findIndex((name) => name.startsWith(text.toLowerCase())) + 1))],
  ["B", step(new RegExp(months.join("|"), "iy"), (text, parts) => void (parts.month = months.indexOf(text.toLowerCase()) + 1))],
  ["z", step(/Z|[-+0-9:]+/y, (text, parts) => {
    const offset = /^(?:Z|[+-]\d\d(?:\d\d|:\d\d)?)$/.test(text) ? offsetOf(text) : undefined;
    parts.offset = offset ?? 0;
    return offset !== undefined;
  })],
]);

/** A format of Frictionless for dates and times, `%d/%m/%Y %H:%M`: the part of C's strptime that says which moment. As TimePattern.cs. */
export class TimePattern {
  readonly #steps: readonly Step[];

  private constructor(steps: readonly Step[]) {
    this.#steps = steps;
  }

  /** Undefined when it has a directive that is not known, or is too long. */
  static create(text: string): TimePattern | undefined {
    if (text.length === 0 || text.length > 64 || /[^\0-\x7f]/.test(text)) return undefined;
    const steps: Step[] = [];
    for (let i = 0; i < text.length; i++) {
      const letter = text[i] === "%" ? text[++i] : undefined;
      const directive = letter === undefined || letter === "%" ? undefined : directives.get(letter);
      if (directive === undefined && text[i] !== "%" && letter !== undefined) return undefined;
      if (i === text.length) return undefined;
      steps.push(directive ?? { match: new RegExp(text[i]!.replace(/[\\^$.|?*+()[\]{}/]/, "\\$&"), "y"), take: undefined });
    }
    return new TimePattern(steps);
  }

  parse(value: string): Moment | undefined {
    const parts: Parts = { year: 1, month: 1, day: 1, dayOfYear: 0, hour: 0, minute: 0, second: 0, half: 0, ticks: 0, offset: 0 };
    let at = 0;
    for (const { match, take } of this.#steps) {
      match.lastIndex = at;
      const found = match.exec(value)?.[0];
      if (found === undefined || take?.(found, parts) === false) return undefined;
      at += found.length;
    }
    return at === value.length ? momentOf(parts) : undefined;
  }
}

function momentOf(parts: Parts): Moment | undefined {
  if (parts.half !== 0 && (parts.hour === 0 || parts.hour > 12)) return undefined;
  const hour = parts.half === 0 ? parts.hour : (parts.hour % 12) + (parts.half - 1) * 12;
  let days = daysOf(parts.year, parts.month, parts.day);
  if (days === undefined) return undefined;
  if (parts.dayOfYear > 0) {
    const first = daysOf(parts.year, 1, 1)!;
    if (parts.dayOfYear > daysOf(parts.year, 12, 31)! - first + 1) return undefined;
    days = first + parts.dayOfYear - 1;
  }
  return inRange({ seconds: days * 86_400 + hour * 3600 + parts.minute * 60 + parts.second - parts.offset, ticks: parts.ticks });
}
