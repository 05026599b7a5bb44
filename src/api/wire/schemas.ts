/** Schemas that every surface shares: errors, decimals, times. */
import { Type, type TSchema } from "typebox";

export const ErrorBody = Type.Object(
  {
    code: Type.Integer({ description: "Eight digits; the first three are the HTTP status, except 422 with 40010001." }),
    message: Type.String(),
  },
  { additionalProperties: true, description: "docs/reference/errors.md lists the codes." },
);

/** The answers that any route with credentials may give besides its own. */
export const refusals = <Codes extends number>(
  ...codes: readonly Codes[]
): Record<Codes | 401 | 403, typeof ErrorBody> =>
  Object.fromEntries([401, 403, ...codes].map((code) => [code, ErrorBody])) as Record<
    Codes | 401 | 403,
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

/** No control characters: names end up in logs and terminals. */
export const PLAIN_TEXT = "^[^\\u0000-\\u001f\\u007f]*$";

/** A list in a query: by comma, by repetition, or both. */
export const queryList = (description: string): ReturnType<typeof Type.Optional<TSchema>> =>
  Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())], { description }) as TSchema);

/** A query field, documented here and parsed by hand. */
export const queryText = (description: string): ReturnType<typeof Type.Optional<ReturnType<typeof Type.String>>> =>
  Type.Optional(Type.String({ description }));

export const NoContent = Type.Null({ description: "No content." });
