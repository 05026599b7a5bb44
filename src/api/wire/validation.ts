/** What a schema found wrong, as a sentence: the field, what it got and what it takes. */
import type { FastifyError, FastifyRequest } from "fastify";
import { refuse, type Refusal } from "../../kernel/index.ts";

/** What Ajv reports with `verbose`, as far as it is used here. */
interface Finding {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Record<string, unknown>;
  readonly message?: string;
  readonly data?: unknown;
  readonly parentSchema?: Record<string, unknown>;
}

/** Longest part of a wrong value that a message repeats. */
const SHOWN_LENGTH_MAX = 80;

export function validationRefusal(request: FastifyRequest, error: FastifyError): Refusal {
  const finding = worst(error.validation ?? []);
  if (error.validationContext === "headers") return refuse("bad_request", "the header X-Session-Id is required");
  const isOrder = request.routeOptions.config.isOrderBody === true;
  return refuse(isOrder ? "invalid_order_parameter" : "bad_request", sentenceFor(finding));
}

/** A union that describes itself says it best; of one that only adds null, what the other arm says. */
function worst(findings: readonly Finding[]): Finding | undefined {
  const isDescribed = ({ keyword, parentSchema }: Finding): boolean =>
    keyword === "anyOf" && typeof parentSchema?.["description"] === "string";
  const isAboutArms = ({ keyword, params }: Finding): boolean => keyword === "anyOf" || params["type"] === "null";
  return findings.find(isDescribed) ?? findings.find((finding) => !isAboutArms(finding)) ?? findings[0];
}

function sentenceFor(finding: Finding | undefined): string {
  if (finding === undefined) return "the request is not of the form that is documented";
  const field = fieldOf(finding.instancePath);
  if (finding.keyword === "required") return `${join(field, String(finding.params["missingProperty"]))} is required`;
  if (finding.keyword === "additionalProperties") {
    const known = Object.keys(finding.parentSchema?.["properties"] ?? {}).join(", ");
    return `${join(field, String(finding.params["additionalProperty"]))} is not known; known are: ${known}`;
  }
  return `${field === "" ? "the body" : field} ${wantedBy(finding)}, got ${shown(finding.data)}`;
}

function wantedBy({ keyword, params, parentSchema, message }: Finding): string {
  const described = parentSchema?.["description"];
  if (keyword === "enum")
    return `must be one of ${(params["allowedValues"] as readonly unknown[]).map(String).join(", ")}`;
  if (keyword === "anyOf" && typeof described === "string") return `must be ${described}`;
  if (keyword === "pattern") return "must not contain control characters";
  return message ?? "is wrong";
}

const fieldOf = (path: string): string => path.replace(/^\//, "").replaceAll("/", ".");
const join = (field: string, inner: string): string => (field === "" ? inner : `${field}.${inner}`);

/** A value as a message shows it: cut, on one line. */
export function shown(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text;
}

/** The same without quotation marks, for messages in Alpaca's words. */
export const shownBare = (value: string): string => shown(value).replaceAll('"', "");

declare module "fastify" {
  interface FastifyContextConfig {
    /** Bodies of orders are refused with 422 and Alpaca's code. */
    readonly isOrderBody?: boolean;
  }
}
