/** The light: dark until the account's first good request, then green with the newest one. */
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { timeText } from "../format/times.ts";
import { settings } from "../settings/settings.ts";
import { account } from "./connection.ts";
import { isOf, problem, requests } from "./request-watch.ts";

export function Arrival(): JSX.Element {
  const own = useComputed(() => {
    const id = account.value?.id;
    return id === undefined ? [] : (requests.value ?? []).filter((request) => isOf(id, request));
  });
  const newest = own.value.find(({ status }) => status < 400);
  const failed = own.value[0];
  const state = newest !== undefined ? "on" : failed !== undefined ? "wrong" : "dark";
  return (
    <div class="arrival" data-state={state}>
      <span class="lamp" aria-hidden="true" />
      <div role="status">
        <strong>{WORDS[state]}</strong>
        <p class="hint">
          {problem.value ??
            said(state === "on" ? newest : failed) ??
            "It turns green by itself when a request for this account comes in."}
        </p>
      </div>
    </div>
  );
}

const WORDS = {
  on: "Connected",
  wrong: "It arrives, but is refused",
  dark: "Waiting for the first request…",
} as const;

/** A clock of the wall: the request happened now, not in the session. */
function said(
  request: { readonly method: string; readonly path: string; readonly status: number; readonly at: string } | undefined,
) {
  if (request === undefined) return undefined;
  const path = request.path.replace(/^\/+sim\/[^/]+/, "");
  const zone = settings.value.zone === "utc" ? "utc" : "local";
  return `${request.method} ${path} · ${request.status} · ${timeText(Date.parse(request.at), zone, true)}`;
}
