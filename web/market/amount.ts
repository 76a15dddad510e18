/** Whole units as people type them, "1,000.5" or "0": base units; undefined when it is no amount, or finer than the currency. */
export function parseUnits(text: string, decimals: number): bigint | undefined {
  const [, whole, fraction = ""] = /^([0-9]+)(?:\.([0-9]+))?$/.exec(text.trim().replace(/(?<=\d)[,\u00a0 ](?=\d{3}(\D|$))/g, "")) ?? [];
  if (whole === undefined) return undefined;
  const digits = fraction.replace(/0+$/, "");
  return digits.length > decimals || whole.length > 39 ? undefined : BigInt(whole + digits.padEnd(decimals, "0"));
}
