/** Reads a request body as JSON, whatever its content type says: some SDKs send none, some send text/plain. */
import { JSON_DEPTH_MAX, refuse, type Refusal } from "../../kernel/index.ts";

/** The value of a body; an absent or empty one is `{}`. Refuses text that is not JSON, nesting beyond the limit, `__proto__`. */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const where = error instanceof Error ? error.message : "it could not be read";
    return refuse("bad_request", `body must be JSON: ${withoutQuotes(where)}`);
  }
  return structureProblem(value, JSON_DEPTH_MAX) ?? value;
}

/** The parser's words end with the text they are about; a message does not repeat a whole body. */
const withoutQuotes = (words: string): string => words.replace(/,? ?(\.\.\.)?"[\s\S]*$/, "").slice(0, 120);

function structureProblem(value: unknown, depthLeft: number): Refusal | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (depthLeft === 0) return refuse("bad_request", `body must not be nested deeper than ${JSON_DEPTH_MAX} levels`);
  if (Object.hasOwn(value, "__proto__")) return refuse("bad_request", "__proto__ is not accepted as the name of a field");
  for (const child of Object.values(value)) {
    const problem = structureProblem(child, depthLeft - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
