/** Small checks of values from outside, put together into shapes of records. */

export type Check = (value: unknown) => boolean;

/** A check for each field but `kind`, so that the compiler asks for every new one. */
export type Shape<T> = { readonly [Key in Exclude<keyof T, "kind">]-?: Check };

/** Shapes of a union, by kind. */
export type Shapes<T extends { readonly kind: string }> = {
  readonly [Kind in T["kind"]]: Shape<Extract<T, { readonly kind: Kind }>>;
};

/** 2100: beyond everything that the calendar has. */
const INSTANT_MAX = 4_102_444_800_000;
const ORDINAL_MAX = 1_000_000_000;
const TEXT_LENGTH_MAX = 4096;

export const units: Check = (value) => typeof value === "bigint";
export const truth: Check = (value) => typeof value === "boolean";
export const whole = (min: number, max: number): Check => {
  return (value) => typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
};
export const ordinal = whole(1, ORDINAL_MAX);
export const moment = whole(0, INSTANT_MAX);
export const above = (least: number, most: number): Check => {
  return (value) => typeof value === "number" && value > least && value <= most;
};
export const text =
  (lengthMax = TEXT_LENGTH_MAX): Check =>
  (value) =>
    typeof value === "string" && value.length <= lengthMax;
export const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
export const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** One of some words, as a table that the compiler holds complete. */
export const oneOf = <T extends string | number>(words: Readonly<Record<T, true>>): Check => {
  return (value) => (typeof value === "string" || typeof value === "number") && Object.hasOwn(words, value);
};

/** A record with these fields and no others. */
export const record = <T extends object>(shape: Shape<T>): Check => {
  const checks = Object.entries<Check>(shape);
  const known = new Set(Object.keys(shape));
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const fields = value as Readonly<Record<string, unknown>>;
    return (
      checks.every(([name, check]) => check(fields[name])) &&
      Object.keys(fields).every((name) => name === "kind" || known.has(name))
    );
  };
};

/** A union by kind. */
export function kinds<T extends { readonly kind: string }>(shapes: Shapes<T>): Check {
  const checks = new Map(
    Object.entries<Readonly<Record<string, Check>>>(shapes).map(([kind, shape]) => [kind, record(shape)]),
  );
  return (value) => {
    const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
    return typeof kind === "string" && checks.get(kind)?.(value) === true;
  };
}
