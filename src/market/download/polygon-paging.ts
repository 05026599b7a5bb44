/** Polygon's pages: a whole address that goes on, without a key. */
import { optionalTextOf, shown, type Fields } from "./answer-fields.ts";
import { UnsoundAnswer } from "./download-fault.ts";

/** Followed to the same server alone, since the key goes with it. Throws UnsoundAnswer for any other. */
export function nextAddress(fields: Fields, url: URL): URL | undefined {
  const text = optionalTextOf(fields, "next_url");
  if (text === undefined) return undefined;
  const next = URL.canParse(text) ? new URL(text) : undefined;
  if (next?.origin === url.origin && next.username === "" && next.password === "") return next;
  throw new UnsoundAnswer(`next_url: got ${shown(next?.origin ?? text)}, wanted an address at ${url.origin}`);
}
