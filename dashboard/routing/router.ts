/** Where the reader is: the address bar as a signal. */
import { computed, signal } from "@preact/signals";
import { routeOf, type Route } from "./routes.ts";

const path = signal(location.pathname);

/** The query of the address, as it is now. */
export const search = signal(location.search);

/** What the address shows. */
export const route = computed<Route>(() => routeOf(path.value));

/** Goes to another path of the page; `isReplacing` leaves no step behind for the back button. */
export function navigate(to: string, isReplacing = false): void {
  if (to === location.pathname + location.search) return;
  if (isReplacing) history.replaceState(undefined, "", to);
  else history.pushState(undefined, "", to);
  follow();
  if (!isReplacing) scrollTo(0, 0);
}

function follow(): void {
  path.value = location.pathname;
  search.value = location.search;
}

addEventListener("popstate", follow);

/** Lets links within the page change the address without loading it anew; all others are the browser's. */
export function followLinks(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || event.defaultPrevented || !isPlain(event) || !isWithin(link)) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
}

const isPlain = ({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean =>
  button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey;

const isWithin = ({ target, origin, hash, pathname }: HTMLAnchorElement): boolean =>
  target === "" && origin === location.origin && hash === "" && routeOf(pathname).kind !== "unknown";
