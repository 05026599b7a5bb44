/** Who the page asks as: the development key where the server takes it, else a key that the reader gives. */
import { signal } from "@preact/signals";
import { createClient, type Credentials } from "./client.ts";
import { ApiError, wordsOf } from "./errors.ts";

/** Where a reader's key is kept: until the tab closes, or on this machine. */
export type Keeping = "tab" | "machine";

const KEY = "tapedeck.key";

let who: Credentials | undefined = keptKey();

/** "asking" until the server has said what it needs. */
export const access = signal<"asking" | "needed" | "granted">("asking");

/** Why a key is needed, where one was refused or the server does not answer. */
export const refusal = signal<string | undefined>(undefined);

/** The key that is used; never its secret. */
export const keyInUse = signal<string | undefined>(who?.id);

/** The published key, where it is the one in use: no secret, so it may be written into examples. */
export const developmentKey = signal<Credentials | undefined>(undefined);

/** Whether the last request was answered. */
export const isOnline = signal(true);

export const version = signal<string | undefined>(undefined);

export const client = createClient({
  credentials: () => who,
  fetch: async (url, init) => {
    const answer = await fetch(url, init);
    if (answer.status === 401) deny("the server does not take this key");
    return answer;
  },
  onReach: (isReached) => {
    isOnline.value = isReached;
  },
});

/** Asks the server what it needs, and tries the key that was kept. */
export async function openAccess(): Promise<void> {
  try {
    const server = await client.server();
    version.value = server.version;
    const published = server.development_key ?? undefined;
    who ??= published;
    developmentKey.value = who?.id === published?.id ? published : undefined;
    keyInUse.value = who?.id;
    access.value = who === undefined ? "needed" : "granted";
    refusal.value = undefined;
  } catch (error) {
    refusal.value = wordsOf(error);
    setTimeout(() => void openAccess(), 2000);
  }
}

/** Tries a key, and keeps it if it is good. */
export async function signIn(credentials: Credentials, keeping: Keeping): Promise<void> {
  who = credentials;
  refusal.value = undefined;
  try {
    await client.sessions(1);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 401 || error.status === 0) {
      who = undefined;
      throw error;
    }
  }
  (keeping === "tab" ? sessionStorage : localStorage).setItem(KEY, JSON.stringify(credentials));
  keyInUse.value = credentials.id;
  developmentKey.value = undefined;
  access.value = "granted";
}

/** Forgets the key. */
export function signOut(): void {
  deny(undefined);
  void openAccess();
}

function deny(why: string | undefined): void {
  who = undefined;
  for (const storage of [sessionStorage, localStorage]) storage.removeItem(KEY);
  keyInUse.value = undefined;
  refusal.value = why;
  access.value = "needed";
}

function keptKey(): Credentials | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? "null") as Credentials | null;
    return typeof kept?.id === "string" && typeof kept.secret === "string" ? kept : undefined;
  } catch {
    return undefined;
  }
}
