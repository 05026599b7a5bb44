/** Every SQL statement of the local journal, prepared once. */
import type Database from "libsql";

const SUMMARY_COLUMNS = `number, id, owner, created_at, created_ms, name, start_time, end_time, initial_cash, config,
  status, failure, playback_state, playback_speed, total_realized_pnl, total_unrealized_pnl, clock, branch, last_seq,
  last_hash, slot, parent_id, forked_at, forked_seq, is_parent_deleted, epochs`;

const SQL = {
  insertSession: `
    INSERT INTO sessions (id, owner, created_at, created_ms, name, start_time, end_time, initial_cash, config, status,
      failure, playback_state, playback_speed, total_realized_pnl, total_unrealized_pnl, clock, branch, last_seq,
      last_hash, slot, parent_id, forked_at, forked_seq, is_parent_deleted, epochs)
    VALUES (:id, :owner, :created_at, :created_ms, :name, :start_time, :end_time, :initial_cash, :config, :status,
      :failure, :playback_state, :playback_speed, :total_realized_pnl, :total_unrealized_pnl, :clock, :branch,
      :last_seq, :last_hash, :slot, :parent_id, :forked_at, :forked_seq, 0, '[]')`,
  updateSession: `
    UPDATE sessions SET name = :name, end_time = :end_time, status = :status, failure = :failure,
      playback_state = :playback_state, playback_speed = :playback_speed, total_realized_pnl = :total_realized_pnl,
      total_unrealized_pnl = :total_unrealized_pnl, clock = :clock, last_seq = :last_seq, last_hash = :last_hash
    WHERE id = :id`,
  moveSession: "UPDATE sessions SET branch = ?, config = ?, epochs = ? WHERE id = ?",
  failSession: "UPDATE sessions SET status = 'failed', failure = ? WHERE id = ?",
  adoptSession: "UPDATE sessions SET owner = ? WHERE id = ?",
  findHead: "SELECT number, branch, last_seq, last_hash, slot, epochs FROM sessions WHERE id = ?",
  findSession: `SELECT ${SUMMARY_COLUMNS} FROM sessions WHERE id = ?`,
  findSessionOnBranch: "SELECT id FROM sessions WHERE branch = ?",
  listSessions: `
    SELECT ${SUMMARY_COLUMNS} FROM sessions
    WHERE owner = :owner AND (created_ms, number) < (:created_ms, :number)
    ORDER BY created_ms DESC, number DESC LIMIT :limit`,
  listForks: `SELECT ${SUMMARY_COLUMNS} FROM sessions WHERE parent_id = ? ORDER BY created_ms, number`,
  listPlaying: "SELECT id FROM sessions WHERE playback_state = 'playing' ORDER BY number",
  listPlaces: "SELECT id, slot, branch, last_seq, last_hash FROM sessions ORDER BY number",
  listSlots: "SELECT slot FROM sessions ORDER BY slot",
  deleteSession: "DELETE FROM sessions WHERE number = ?",
  orphanForks: "UPDATE sessions SET is_parent_deleted = 1 WHERE parent_id = ?",

  readState: "SELECT is_open, boot, commits FROM state",
  writeState: "UPDATE state SET is_open = ?, boot = ?",
  countCommit: "UPDATE state SET commits = commits + 1 RETURNING commits",

  insertBranch: "INSERT INTO branches (parent, base_seq) VALUES (?, ?) RETURNING number",
  findBranch: "SELECT parent, base_seq FROM branches WHERE number = ?",
  findSharedUpTo: "SELECT max(base_seq) AS seq FROM branches WHERE parent = ?",
  listAbandoned: `
    SELECT number FROM branches AS branch
    WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.branch = branch.number) ORDER BY number DESC`,
  deleteBranch: "DELETE FROM branches WHERE number = ?",

  insertEntry: "INSERT INTO entries (branch, seq, at, hash, payload) VALUES (?, ?, ?, ?, ?)",
  findEntry: "SELECT at, hash FROM entries WHERE branch = ? AND seq = ?",
  readEntries: `
    SELECT seq, at, hash, payload FROM entries WHERE branch = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
  deleteEntries: `
    DELETE FROM entries
    WHERE rowid IN (SELECT rowid FROM entries WHERE branch = ? AND seq > ? ORDER BY seq DESC LIMIT ?)`,

  insertSnapshot: "INSERT OR REPLACE INTO snapshots (branch, seq, format, head, checksum) VALUES (?, ?, ?, ?, ?)",
  findSnapshots: `
    SELECT seq, head, checksum FROM snapshots
    WHERE branch = ? AND seq >= ? AND seq <= ? AND format = ? ORDER BY seq DESC LIMIT 2`,
  deleteSnapshots: "DELETE FROM snapshots WHERE branch = ? AND seq > ?",
  insertPage: "INSERT OR REPLACE INTO pages (branch, list, page, seq, content, checksum) VALUES (?, ?, ?, ?, ?, ?)",
  findPage: `
    SELECT content, checksum FROM pages
    WHERE branch = ? AND list = ? AND page = ? AND seq <= ? ORDER BY seq DESC LIMIT 1`,
  deletePages: `
    DELETE FROM pages WHERE rowid IN (SELECT rowid FROM pages WHERE branch = ? AND seq > ? LIMIT ?)`,
  insertKey:
    "INSERT OR REPLACE INTO client_orders (branch, account, client_order_id, seq, ordinal) VALUES (?, ?, ?, ?, ?)",
  findKey: "SELECT ordinal FROM client_orders WHERE branch = ? AND account = ? AND client_order_id = ? AND seq <= ?",
  deleteKeys: `
    DELETE FROM client_orders WHERE rowid IN (SELECT rowid FROM client_orders WHERE branch = ? AND seq > ? LIMIT ?)`,
} as const;

export type Statements = { readonly [Name in keyof typeof SQL]: Database.Statement };

export function prepareStatements(database: Database.Database): Statements {
  const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]);
  return Object.fromEntries(prepared) as Statements;
}
