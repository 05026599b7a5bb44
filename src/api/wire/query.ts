/** Query strings: one text a field, lists by comma or by repetition. */
import type { FastifyRequest } from "fastify";

export interface Query {
  readonly text: (field: string) => string | undefined;
  /** Comma lists, repeated fields and `field[]=` alike; undefined where none is given. */
  readonly list: (field: string) => readonly string[] | undefined;
}

export function queryOf(request: FastifyRequest): Query {
  const query = request.query as Record<string, string | readonly string[] | undefined>;
  const values = (field: string): readonly string[] => [query[field] ?? [], query[`${field}[]`] ?? []].flat();
  return {
    text: (field) => values(field).at(-1),
    list: (field) => {
      const items = values(field)
        .flatMap((value) => value.split(","))
        .map((item) => item.trim());
      const given = items.filter((item) => item !== "");
      return given.length === 0 ? undefined : given;
    },
  };
}
