/** Bodies: JSON whatever the content type says, an absent one is {}, and under /v1 either spelling of a field. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { JSON_DEPTH_MAX, refuse } from "../../kernel/index.ts";
import { RefusedRequest } from "./errors.ts";

/** Client SDKs send JSON as text/plain, without a type, or with an empty one; the app calls every body JSON. */
export function readAnyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (request, body, done) => {
    const text = body.toString();
    if (text.trim() === "") {
      done(null, {});
      return;
    }
    void parse(request, text, (error, value: unknown) => {
      if (error !== null) done(new RefusedRequest(refuse("bad_request", jsonProblem(text))));
      else if (depthOf(value, 0) > JSON_DEPTH_MAX)
        done(new RefusedRequest(refuse("bad_request", `the body nests deeper than ${JSON_DEPTH_MAX} levels`)));
      else done(null, value);
    });
  });
}

/** What the parser stumbled over: the syntax, or a property that would reach into prototypes. */
function jsonProblem(text: string): string {
  try {
    JSON.parse(text);
    return "the body must not have a property __proto__ or constructor.prototype";
  } catch (error) {
    return `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`.slice(
      0,
      PROBLEM_LENGTH_MAX,
    );
  }
}

/** A parser's message repeats some of what it was given. */
const PROBLEM_LENGTH_MAX = 200;

function depthOf(value: unknown, above: number): number {
  if (typeof value !== "object" || value === null || above > JSON_DEPTH_MAX) return above;
  let deepest = above + 1;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, above + 1));
  return deepest;
}

/** Free-form objects of clients: their fields are theirs. */
const OPAQUE_FIELDS: ReadonlySet<string> = new Set(["contact", "identity"]);

const toSnake = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toCamel = (field: string): string => field.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** Brings the fields of a body to one spelling; both spellings of one field are refused. */
export function normalizeBody(request: FastifyRequest, spelling: "camelCase" | "snake_case"): void {
  const body = request.body === undefined ? {} : request.body;
  const foreign = spelling === "camelCase" ? /_[a-z]/ : /[A-Z]/;
  request.body = isSpelledAlready(body, foreign) ? body : respell(body, spelling === "camelCase" ? toCamel : toSnake);
}

/** Most bodies are flat and spelled as they should be: nothing is copied then. */
function isSpelledAlready(body: unknown, foreign: RegExp): boolean {
  if (typeof body !== "object" || body === null) return true;
  for (const [field, value] of Object.entries(body)) {
    if (foreign.test(field) || (typeof value === "object" && value !== null)) return false;
  }
  return true;
}

function respell(value: unknown, spell: (field: string) => string): unknown {
  if (Array.isArray(value)) return value.map((inner) => respell(inner, spell));
  if (typeof value !== "object" || value === null) return value;
  const result: Record<string, unknown> = {};
  const origins = new Map<string, string>();
  for (const [field, inner] of Object.entries(value)) {
    const name = spell(field);
    const twin = origins.get(name);
    if (twin !== undefined) {
      throw new RefusedRequest(refuse("bad_request", `${twin} and ${field} are one field: give one of them`));
    }
    origins.set(name, field);
    result[name] = OPAQUE_FIELDS.has(name) ? inner : respell(inner, spell);
  }
  return result;
}
