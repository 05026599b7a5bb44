/** ULIDs (github.com/ulid/spec) of which all bits are given: 48 of time, then a sequence number and an index. */
import type { Instant } from "../../kernel/index.ts";

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Sorts as text by time, then `seq`, then `index` (under 2³²). */
export function ulid(at: Instant, seq: number, index: number): string {
  return base32(BigInt(Math.max(0, at)), 10) + base32((BigInt(seq) << 32n) | BigInt(index), 16);
}

/** What a ULID of this server says; undefined for anything else. */
export function parseUlid(
  text: string,
): { readonly at: number; readonly seq: number; readonly index: number } | undefined {
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(text)) return undefined;
  const place = valueOf(text.slice(10));
  return { at: Number(valueOf(text.slice(0, 10))), seq: Number(place >> 32n), index: Number(place & 0xff_ff_ff_ffn) };
}

function base32(value: bigint, length: number): string {
  let text = "";
  let rest = value;
  for (let digit = 0; digit < length; digit += 1) {
    text = `${DIGITS.charAt(Number(rest & 31n))}${text}`;
    rest >>= 5n;
  }
  return text;
}

const valueOf = (text: string): bigint =>
  Array.from(text.toUpperCase(), (digit) => BigInt(DIGITS.indexOf(digit))).reduce(
    (value, digit) => (value << 5n) | digit,
    0n,
  );
