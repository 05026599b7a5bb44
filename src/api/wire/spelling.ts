/** Both spellings of a field: bodies under /v1 may say `limitPrice` or `limit_price`. The schema's own is the one that handlers see. */
import { refuse, type Refusal } from "../../kernel/index.ts";

/** As much of a JSON schema as spelling needs. */
export interface ObjectShape {
  readonly properties?: Readonly<Record<string, object>>;
  readonly items?: object;
}

/** Gives a value with every known field in the schema's spelling; refuses a field that is there in both. */
export type Respell = (value: unknown) => unknown;

/** Prepares the spellings of one schema. Undefined where there is nothing to respell. */
export function respellFor(schema: ObjectShape, path = ""): Respell | undefined {
  if (schema.items !== undefined) {
    const each = respellFor(schema.items, path);
    return each === undefined ? undefined : (value) => (Array.isArray(value) ? respellAll(value, each) : value);
  }
  if (schema.properties === undefined) return undefined;
  const fields = new Map<string, Field>();
  for (const [name, child] of Object.entries(schema.properties)) {
    const alias = otherSpelling(name);
    const field = { name, alias, path: path + name, respell: respellFor(child, `${path}${name}.`) };
    fields.set(name, field);
    if (alias !== name) fields.set(alias, field);
  }
  return (value) => (isPlainObject(value) ? respellObject(value, fields, path) : value);
}

interface Field {
  readonly name: string;
  readonly alias: string;
  readonly path: string;
  readonly respell: Respell | undefined;
}

function respellAll(values: readonly unknown[], each: Respell): unknown {
  const respelled: unknown[] = [];
  for (const value of values) {
    const one = each(value);
    if (isSpellingRefusal(one)) return one;
    respelled.push(one);
  }
  return respelled;
}

function respellObject(value: Record<string, unknown>, fields: ReadonlyMap<string, Field>, path: string): unknown {
  const respelled: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value)) {
    const field = fields.get(key);
    const name = field?.name ?? key;
    if (Object.hasOwn(respelled, name)) {
      const both = `${path}${name} and ${path}${field?.alias ?? key}`;
      return spellingRefusal(refuse("bad_request", `${both} are the same field: give one of them`));
    }
    const child = field?.respell === undefined ? given : field.respell(given);
    if (isSpellingRefusal(child)) return child;
    respelled[name] = child;
  }
  return respelled;
}

/** A value of its own, so that no body can be taken for a refusal. */
class SpellingRefusal {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    this.refusal = refusal;
  }
}

const spellingRefusal = (refusal: Refusal): SpellingRefusal => new SpellingRefusal(refusal);
export const isSpellingRefusal = (value: unknown): value is { readonly refusal: Refusal } => value instanceof SpellingRefusal;

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `limit_price` for `limitPrice`, and the other way round; a name of one word is its own alias. */
export function otherSpelling(name: string): string {
  if (name.includes("_")) return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
