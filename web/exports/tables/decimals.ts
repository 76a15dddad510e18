/** Decimals as .NET's `decimal` has them: 96 bits and a scale of 0 to 28. */
export interface Decimal {
  readonly mantissa: bigint;
  readonly scale: number;
}

const most = (1n << 96n) - 1n;
const mostScale = 28;
const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Reads a decimal, rounding half to even what is beyond its digits; undefined when it is none or too large. Nothing may stand around it. */
export function parseDecimal(text: string): Decimal | undefined {
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const [, sign, before, after] = parts as unknown as [string, string, string, string | undefined];
  const written = before + (after ?? "");
  if (written === "") return undefined;
  const digits = BigInt(written);
  // Where the point stands, counted from the digits' end.
  let scale = (after ?? "").length - Math.max(-1e6, Math.min(1e6, Number(parts[4] ?? 0)));
  if (digits === 0n) return { mantissa: 0n, scale: 0 };
  if (scale < -mostScale - 1) return undefined;
  let mantissa = digits;
  if (scale < 0) {
    mantissa *= 10n ** BigInt(-scale);
    scale = 0;
  }
  for (let cut = Math.max(0, scale - mostScale); ; cut++) {
    if (cut > scale) return undefined;
    if (cut > written.length + 1) return { mantissa: 0n, scale: 0 };
    const rounded = cut === 0 ? mantissa : roundedBy(mantissa, 10n ** BigInt(cut));
    if (rounded <= most) return { mantissa: sign === "-" ? -rounded : rounded, scale: scale - cut };
  }
}

function roundedBy(value: bigint, by: bigint): bigint {
  const whole = value / by;
  const twice = (value % by) * 2n;
  return twice > by || (twice === by && whole % 2n === 1n) ? whole + 1n : whole;
}

/** The shortest decimal of the value: without zeros behind the point. */
export function writeDecimal({ mantissa, scale }: Decimal): string {
  const digits = String(mantissa < 0n ? -mantissa : mantissa).padStart(scale + 1, "0");
  const fraction = scale === 0 ? "" : digits.slice(-scale).replace(/0+$/, "");
  const whole = scale === 0 ? digits : digits.slice(0, -scale);
  return `${mantissa < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Where a plain number stands among numbers; those beyond the range of decimals stand at its ends. Undefined: it has no place, as NaN. */
export function decimalRank(plain: string): bigint | undefined {
  if (plain === "NaN") return undefined;
  const decimal = parseDecimal(plain);
  if (decimal !== undefined) return decimal.mantissa * 10n ** BigInt(mostScale - decimal.scale);
  return (plain.startsWith("-") ? -most : most) * 10n ** BigInt(mostScale);
}
