/** Readers of single options: each takes a value from outside or refuses it, saying what it takes. */
import { refuse, type RefusalReason } from "../../kernel/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { shown } from "../wire/validation.ts";

/** `name` is the option's path below `config`. */
export type Reader<T> = (value: unknown, name: string) => T;

export const reject = (message: string, reason: RefusalReason = "bad_request"): never => {
  throw new RefusedRequest(refuse(reason, message));
};

/** All words of an option, as a table that the compiler holds complete. */
export const wordsOf = <T extends string>(known: Record<T, true>): T[] => Object.keys(known) as T[];

export function word<T extends string>(known: readonly T[]): Reader<T> {
  return (value, name) => {
    const found = known.find((each) => each === value);
    return found ?? reject(`config.${name} must be one of ${known.join(", ")}, got ${shown(value)}`);
  };
}

export const truth: Reader<boolean> = (value, name) =>
  typeof value === "boolean" ? value : reject(`config.${name} must be true or false, got ${shown(value)}`);

export function whole(min: number, max: number): Reader<number> {
  return (value, name) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    return reject(`config.${name} must be a whole number from ${min} to ${max}, got ${shown(value)}`);
  };
}

/** A share from 0 to 1, both included. */
export const share: Reader<number> = (value, name) => {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  return reject(`config.${name} must be a number from 0 to 1, got ${shown(value)}`);
};

/** A share above 0; null switches what it limits off. */
export function limitingShare(without: string): Reader<number | null> {
  return (value, name) => {
    if (value === null || (typeof value === "number" && value > 0 && value <= 1)) return value;
    return reject(`config.${name} must be a number > 0 and <= 1, or null for ${without}, got ${shown(value)}`);
  };
}

export const orNull =
  <T>(read: Reader<T>): Reader<T | null> =>
  (value, name) =>
    value === null ? null : read(value, name);

export interface ModelSpec<Model extends string> {
  /** How many numbers each model takes. */
  readonly args: Readonly<Record<Model, number>>;
  readonly max: number;
  readonly example: string;
}

/** A model by its name, with its numbers: `{"model":"bps","args":[5]}`. */
export function readModel<Model extends string>(
  value: unknown,
  name: string,
  { args: counts, max, example }: ModelSpec<Model>,
): { readonly model: Model; readonly args: readonly number[] } {
  const { model, args = [], ...rest } = record(value, name, `an object such as ${example}`);
  refuseUnknown(rest, name, "model, args");
  const known = word(Object.keys(counts) as Model[])(model, `${name}.model`);
  const count = counts[known];
  const numbers = Array.isArray(args) ? args.filter((each) => isWithin(each, max)) : [];
  if (!Array.isArray(args) || args.length !== count || numbers.length !== count) {
    const wanted = count === 1 ? "1 number" : `${count} numbers`;
    reject(`config.${name}.args must be ${wanted} from 0 to ${max} for ${known}, got ${shown(args)}`);
  }
  return { model: known, args: numbers };
}

const isWithin = (value: unknown, max: number): value is number =>
  typeof value === "number" && value >= 0 && value <= max;

export function record(value: unknown, name: string, wanted: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return reject(`config.${name} must be ${wanted}, got ${shown(value)}`);
}

export function refuseUnknown(rest: Readonly<Record<string, unknown>>, name: string, known: string): void {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) reject(`config.${name}.${unknown} is not known; known are: ${known}`);
}
