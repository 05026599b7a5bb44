/** The door of the journal room: two adapters of the journal port of sessions. */
export { openLocalJournal } from "./local-journal.ts";
export { openMemoryJournal } from "./memory-journal.ts";
