/** Alpaca's pages: a token that goes with the same words again, and null at the end. */
import { optionalTextOf, type Fields } from "./answer-fields.ts";
import { UnsoundAnswer } from "./download-fault.ts";

/** Throws UnsoundAnswer where the field is missing: that would be a gap that nobody sees. */
export function nextAddress(fields: Fields, url: URL): URL | undefined {
  if (!("next_page_token" in fields)) throw new UnsoundAnswer("next_page_token: got nothing, wanted a text or null");
  const token = optionalTextOf(fields, "next_page_token");
  if (token === undefined) return undefined;
  const next = new URL(url);
  next.searchParams.set("page_token", token);
  return next;
}
