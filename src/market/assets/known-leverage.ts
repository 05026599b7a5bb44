/** Well-known leveraged funds, long and inverse: a broker wants so many times the margin for them. */

export type Leverage = 1 | 2 | 3;

const TWOFOLD = ["DDM", "DXD", "QID", "QLD", "SDS", "SSO"];
const THREEFOLD = ["SOXL", "SOXS", "SPXU", "SQQQ", "TNA", "TQQQ", "TZA", "UPRO"];

export const KNOWN_LEVERAGE: ReadonlyMap<string, Leverage> = new Map<string, Leverage>([
  ...TWOFOLD.map((symbol) => [symbol, 2] as const),
  ...THREEFOLD.map((symbol) => [symbol, 3] as const),
]);
