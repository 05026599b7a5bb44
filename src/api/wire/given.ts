/** What a client sent, as a message shows it: short, on one line, without anything that a terminal would obey. */

/** Characters of a value that a message repeats: enough to recognize it, too few to flood a log. */
const SHOWN_MAX = 80;

/** JSON of a value, shortened; numbers that JSON cannot say are named. */
export function given(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) return "a number out of range";
  const text = typeof value === "object" && value !== null ? shapeOf(value) : (JSON.stringify(value) ?? "nothing");
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}… (${text.length} characters)`;
}

const shapeOf = (value: object): string => (Array.isArray(value) ? "an array" : "an object");
