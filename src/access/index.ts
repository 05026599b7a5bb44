/** The door of the access room: who may speak to the server, and the file lock that guards what processes share. */
export { acquireFileLock } from "./file-lock.ts";
export type { FileLock } from "./file-lock.ts";
export { createKeyStore } from "./key-store.ts";
export type { KeyStore, KeyStoreOptions } from "./key-store.ts";
export type { NewKey, NewKeyRequest } from "./key-edits.ts";
export type { KeySummary } from "./key-file.ts";
export { KEY_SCOPES } from "./principal.ts";
export type { KeyBinding, KeyScope, Principal } from "./principal.ts";
