/** The newest requests of clients, asked for again and again while somebody looks. */
import { signal } from "@preact/signals";
import { client } from "../api/access.ts";
import type { LoggedRequest } from "../api/connect-types.ts";
import { wordsOf } from "../api/errors.ts";

/** Milliseconds between two looks. */
const EACH_MS = 1000;

/** Rows that the page shows. */
export const ROWS_SHOWN = 100;

/** Newest first; undefined until the first answer. */
export const requests = signal<readonly LoggedRequest[] | undefined>(undefined);

/** Why they cannot be asked for. */
export const problem = signal<string | undefined>(undefined);

/** Looks until it is told to stop; not while the page is hidden. */
export function watchRequests(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const look = async (): Promise<void> => {
    if (!document.hidden) await ask();
    if (!isOver) timer = setTimeout(() => void look(), EACH_MS);
  };
  void look();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

async function ask(): Promise<void> {
  try {
    const known = requests.value ?? [];
    const newest = await client.requests(known[0]?.id ?? 0, ROWS_SHOWN);
    if (newest.length > 0 || requests.value === undefined) requests.value = [...newest, ...known].slice(0, ROWS_SHOWN);
    // A server that was started anew counts from one again.
    else if (known.length > 0 && (await client.requests(0, 1))[0]?.id !== known[0]?.id) requests.value = undefined;
    problem.value = undefined;
  } catch (error) {
    problem.value = wordsOf(error);
  }
}

/** Whether a request is of an account. */
export const isOf = (account: string, request: LoggedRequest): boolean =>
  request.account_id?.toLowerCase() === account.toLowerCase();
