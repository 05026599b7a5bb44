/** The tables of the journal's database, and how an older file becomes one of today. */
import type Database from "libsql";

/** Raised with every change of the schema; a newer one is refused, an older one is migrated. */
export const SCHEMA_VERSION = 2;

/**
 * Entries lie on branches. A fork begins a branch that goes on from an entry of another one, and so does a session that
 * goes back: what is before is shared, and nothing is copied.
 */
const BRANCHES = `
  CREATE TABLE branches (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    parent INTEGER,
    base_seq INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX branches_by_parent ON branches (parent, base_seq);
`;

/** What can be made anew from entries: states, the pages of their lists, the orders behind clients' ids. */
const SNAPSHOTS = `
  CREATE TABLE snapshots (
    branch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    format TEXT NOT NULL,
    head BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (branch, seq)
  ) STRICT;
  CREATE TABLE pages (
    branch INTEGER NOT NULL,
    list TEXT NOT NULL,
    page INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    content BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (branch, list, page, seq)
  ) STRICT;
  CREATE TABLE client_orders (
    branch INTEGER NOT NULL,
    account INTEGER NOT NULL,
    client_order_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (branch, account, client_order_id)
  ) STRICT;
`;

/** One row: whether a server has it open, which boot of the machine that was in, and its transactions so far. */
const STATE = `
  CREATE TABLE state (
    is_open INTEGER NOT NULL,
    boot TEXT NOT NULL,
    commits INTEGER NOT NULL
  ) STRICT;
  INSERT INTO state (is_open, boot, commits) VALUES (0, '', 0);
`;

const INDEXES = `
  CREATE UNIQUE INDEX sessions_by_branch ON sessions (branch);
  CREATE INDEX sessions_by_parent ON sessions (parent_id) WHERE parent_id IS NOT NULL;
`;

export const SCHEMA = `
  CREATE TABLE sessions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    name TEXT,
    start_time INTEGER NOT NULL,
    end_time INTEGER NOT NULL,
    initial_cash TEXT NOT NULL,
    config TEXT NOT NULL,
    status TEXT NOT NULL,
    failure TEXT,
    playback_state TEXT NOT NULL,
    playback_speed REAL NOT NULL,
    total_realized_pnl TEXT NOT NULL,
    total_unrealized_pnl REAL NOT NULL,
    clock INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    last_hash TEXT NOT NULL,
    slot INTEGER NOT NULL UNIQUE,
    branch INTEGER NOT NULL,
    parent_id TEXT,
    forked_at INTEGER,
    forked_seq INTEGER,
    is_parent_deleted INTEGER NOT NULL DEFAULT 0,
    epochs TEXT NOT NULL DEFAULT '[]'
  ) STRICT;
  CREATE INDEX sessions_by_owner ON sessions (owner, created_ms DESC, number DESC);
  CREATE INDEX sessions_playing ON sessions (id) WHERE playback_state = 'playing';
  CREATE TABLE entries (
    branch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    hash TEXT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (branch, seq)
  ) STRICT;
  ${BRANCHES}${SNAPSHOTS}${STATE}${INDEXES}
`;

/** By the version that a file has: what makes it the next one. */
const MIGRATIONS: Readonly<Record<number, string>> = {
  // In version 1 each session had entries of its own, under its own number.
  1: `
    ALTER TABLE entries RENAME COLUMN session TO branch;
    ${BRANCHES}
    INSERT INTO branches (number, parent, base_seq) SELECT number, NULL, 0 FROM sessions;
    ALTER TABLE sessions ADD COLUMN branch INTEGER NOT NULL DEFAULT 0;
    UPDATE sessions SET branch = number;
    ALTER TABLE sessions ADD COLUMN parent_id TEXT;
    ALTER TABLE sessions ADD COLUMN forked_at INTEGER;
    ALTER TABLE sessions ADD COLUMN forked_seq INTEGER;
    ALTER TABLE sessions ADD COLUMN is_parent_deleted INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE sessions ADD COLUMN epochs TEXT NOT NULL DEFAULT '[]';
    ${SNAPSHOTS}${STATE}${INDEXES}
  `,
};

/** Brings a file of an older version to today's, in one transaction: a crash leaves the one or the other. */
export function migrate(database: Database.Database, from: number): void {
  for (let version = from; version < SCHEMA_VERSION; version += 1) {
    database.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[version] ?? ""} PRAGMA user_version = ${version + 1}; COMMIT;`);
  }
  // So that the file itself tells its version to the next start.
  if (from < SCHEMA_VERSION) database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}
