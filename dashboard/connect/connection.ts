/** Which session, account and key the snippets are for. */
import { computed, signal } from "@preact/signals";
import { client, developmentKey } from "../api/access.ts";
import type { NewKey } from "../api/connect-types.ts";
import type { Account, Session } from "../api/types.ts";
import { complain } from "../shell/toasts.tsx";

/** Sessions to choose from: the newest. */
const SESSIONS = 200;

/** Undefined until the first answer. */
export const sessions = signal<readonly Session[] | undefined>(undefined);
export const session = signal<Session | undefined>(undefined);
/** Of the session; undefined until they are known. */
export const accounts = signal<readonly Account[] | undefined>(undefined);
export const account = signal<Account | undefined>(undefined);

/** Keys that were made on this page, with their secrets: gone when it is left. */
export const freshKeys = signal<readonly NewKey[]>([]);

export interface ShownKey {
  readonly id: string;
  readonly secret: string;
  /** Undefined: the published one. */
  readonly name: string | undefined;
}

/** What the snippets say: a key that was made here for the account, else the published one, else none. */
export const shownKey = computed<ShownKey | undefined>(() => {
  const fresh = freshKeys.value.findLast(({ account_id }) => account_id === account.value?.id);
  if (fresh !== undefined) return fresh;
  return developmentKey.value === undefined ? undefined : { ...developmentKey.value, name: undefined };
});

/** Loads the list, and chooses the session that the address names, or the newest. */
export async function openConnection(wanted: string | null): Promise<void> {
  try {
    const page = await client.sessions(SESSIONS);
    sessions.value = page.sessions;
    const kept = page.sessions.find(({ id }) => id === (wanted ?? session.value?.id));
    await chooseSession(kept ?? page.sessions[0]);
  } catch (error) {
    complain(error);
  }
}

export async function chooseSession(chosen: Session | undefined): Promise<void> {
  const before = session.value?.id;
  session.value = chosen;
  if (chosen === undefined || chosen.id !== before) {
    accounts.value = undefined;
    account.value = undefined;
  }
  if (chosen === undefined) return;
  const found = await client.accounts(chosen.id);
  if (session.value?.id !== chosen.id) return;
  accounts.value = found;
  account.value = found.find(({ id }) => id === account.value?.id) ?? found[0];
}

export async function openAccount(): Promise<void> {
  const chosen = session.value;
  if (chosen === undefined) return;
  const made = await client.openAccount(chosen.id);
  accounts.value = [...(accounts.value ?? []), made];
  account.value = made;
}
