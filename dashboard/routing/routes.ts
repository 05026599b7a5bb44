/** The paths of the page, and what each of them shows. */

export type Route =
  | { readonly kind: "sessions" }
  | { readonly kind: "new" }
  | { readonly kind: "session"; readonly id: string }
  | { readonly kind: "compare" }
  | { readonly kind: "catalog" }
  | { readonly kind: "symbol"; readonly symbol: string }
  | { readonly kind: "connect" }
  | { readonly kind: "unknown" };

/** What a path shows. */
export function routeOf(path: string): Route {
  const [first = "", second = "", ...rest] = path.split("/").filter((part) => part !== "");
  if (first === "s" && second !== "" && rest.length === 0) return { kind: "session", id: decoded(second) };
  if (first === "data" && rest.length === 0)
    return second === "" ? { kind: "catalog" } : { kind: "symbol", symbol: decoded(second) };
  if (second !== "") return { kind: "unknown" };
  return (Object.hasOwn(PLAIN, first) ? PLAIN[first] : undefined) ?? { kind: "unknown" };
}

const PLAIN: Readonly<Record<string, Route>> = {
  "": { kind: "sessions" },
  new: { kind: "new" },
  compare: { kind: "compare" },
  connect: { kind: "connect" },
};

/** Where a session's workspace is. */
export const sessionPath = (id: string): string => `/s/${encodeURIComponent(id)}`;

/** Where a symbol's data is shown. */
export const symbolPath = (symbol: string): string => `/data/${encodeURIComponent(symbol)}`;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
