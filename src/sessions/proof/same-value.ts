/** Whether two commands or events are the same: what is absent and what is undefined are, like in their text. */

/** Compares values of JSON with fixed-point numbers in them; their texts are equal exactly where this is true. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return a !== 0 || Object.is(a, b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && isSameList(a, b);
  return !Array.isArray(b) && isSameRecord(a as Fields, b as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (!isSame(a[index], b[index])) return false;
  return true;
}

/** Fields of one that the other lacks are looked at from both sides. */
function isSameRecord(a: Fields, b: Fields): boolean {
  let present = 0;
  for (const key in a) {
    const value = a[key];
    if (value === undefined) continue;
    if (!isSame(value, b[key])) return false;
    present += 1;
  }
  for (const key in b) if (b[key] !== undefined) present -= 1;
  return present === 0;
}
