/** Schemas that every surface shares: errors, decimals, times. */
import { Type, type TSchema } from "typebox";

export const ErrorBody = Type.Object(
  {
    code: Type.Integer({ description: "Eight digits; the first three are the HTTP status, except 422 with 40010001." }),
    message: Type.String(),
  },
  { additionalProperties: true, description: "docs/reference/errors.md lists the codes." },
);

/** What any route with credentials may answer: who, from where, too many at once, our own bug, the disk's no. */
const ANY_ROUTE = [401, 403, 429, 500, 503] as const;

type AnyRoute = (typeof ANY_ROUTE)[number];

/** The answers that any route with credentials may give besides its own. */
export const refusals = <Codes extends number>(
  ...codes: readonly Codes[]
): Record<Codes | AnyRoute, typeof ErrorBody> =>
  Object.fromEntries([...ANY_ROUTE, ...codes].map((code) => [code, ErrorBody])) as Record<
    Codes | AnyRoute,
    typeof ErrorBody
  >;

export const Decimal = Type.String({ description: "A plain decimal.", examples: ["150.25"] });
export const NullableDecimal = Type.Union([Decimal, Type.Null()]);
export const Time = Type.String({ format: "date-time", description: "RFC 3339." });
export const NullableTime = Type.Union([Time, Type.Null()]);

/** A decimal from outside: SDKs send strings or numbers, and pad with null. */
export const DecimalInput = Type.Union([Type.String({ maxLength: 64 }), Type.Number(), Type.Null()], {
  description: "a decimal, as a string or a number",
});

export const nullable = <T extends TSchema>(
  schema: T,
): ReturnType<typeof Type.Union<[T, ReturnType<typeof Type.Null>]>> => Type.Union([schema, Type.Null()]);

/** No control characters and no halves of characters: names end up in logs and terminals. */
export const PLAIN_TEXT = "^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$";

/** A list in a query: by comma, by repetition, or both. */
export const queryList = (description: string): ReturnType<typeof Type.Optional<TSchema>> =>
  Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())], { description }) as TSchema);

/** A query field, documented here and parsed by hand. */
export const queryText = (description: string): ReturnType<typeof Type.Optional<ReturnType<typeof Type.String>>> =>
  Type.Optional(Type.String({ description }));

/** The session that a request is about. */
export const SessionHeader = Type.Object({
  "x-session-id": Type.String({ minLength: 1, description: "The id of a session." }),
});
export const OptionalSessionHeader = Type.Partial(SessionHeader);

/** What a creating route answers: the object, and where it is. */
export const created = <T extends TSchema>(schema: T): T & { readonly headers: object } => ({
  ...schema,
  headers: { Location: { type: "string", description: "The path of what was created." } },
});

export const NoContent = Type.Null({ description: "No content." });
