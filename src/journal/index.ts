/** The door of the journal room: two adapters of the journal port of sessions, and copies of what one has on disk. */
export type { CheckedSession } from "./copy/check-chains.ts";
export { copyJournal } from "./copy/copy-journal.ts";
export type { JournalCopy } from "./copy/copy-journal.ts";
export { openLocalJournal } from "./local-journal.ts";
export { openMemoryJournal } from "./memory-journal.ts";
export { rescueJournal } from "./salvage/rescue-journal.ts";
export type { RescuedJournal } from "./salvage/rescue-journal.ts";
