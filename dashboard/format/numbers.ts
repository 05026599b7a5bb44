/** Numbers as text: in the reader's locale, with a true minus sign, and a dash where there is no value. */

/** What stands where the API gives no value. */
export const NOTHING = "—";

const MINUS = "\u2212";

type Given = number | string | null | undefined;

/** Dollars with cents: 104,218.20. */
export const money = (value: Given): string => write(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Dollars with a sign: +312.00, −27.50. */
export const gain = (value: Given): string =>
  write(value, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" });

/** A fraction as a percentage with a sign: 0.0422 is +4.22 %. */
export function percent(value: Given): string {
  const number = numberOf(value);
  if (number === undefined) return NOTHING;
  const options = { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" } as const;
  return `${write(number * 100, options)} %`;
}

/** A price: cents, or as many decimals as it has, up to four. */
export const price = (value: Given): string => write(value, { minimumFractionDigits: 2, maximumFractionDigits: 4 });

/** A count or a number of shares. */
export const quantity = (value: Given): string => write(value, { maximumFractionDigits: 9 });

/** Which way a number points, in a class of the stylesheet. */
export function directionOf(value: Given): "up" | "down" | "" {
  const number = numberOf(value) ?? 0;
  if (number === 0) return "";
  return number > 0 ? "up" : "down";
}

/** 1 session, 2 sessions. */
export const counted = (count: number, noun: string): string => `${quantity(count)} ${noun}${count === 1 ? "" : "s"}`;

function numberOf(value: Given): number | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

const formats = new Map<string, Intl.NumberFormat>();

function write(value: Given, options: Intl.NumberFormatOptions): string {
  const number = numberOf(value);
  if (number === undefined) return NOTHING;
  const key = JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.NumberFormat(undefined, options);
  formats.set(key, format);
  return format.format(number).replace("-", MINUS);
}
