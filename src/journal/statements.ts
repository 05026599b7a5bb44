/** Every SQL statement of the local journal, prepared once. */
import type Database from "libsql";

const SUMMARY_COLUMNS = `number, id, owner, created_at, created_ms, name, start_time, end_time, initial_cash, config,
  status, failure, playback_state, playback_speed, total_realized_pnl, total_unrealized_pnl, clock, last_seq, last_hash,
  slot`;

const SQL = {
  insertSession: `
    INSERT INTO sessions (id, owner, created_at, created_ms, name, start_time, end_time, initial_cash, config, status,
      failure, playback_state, playback_speed, total_realized_pnl, total_unrealized_pnl, clock, last_seq, last_hash,
      slot)
    VALUES (:id, :owner, :created_at, :created_ms, :name, :start_time, :end_time, :initial_cash, :config, :status,
      :failure, :playback_state, :playback_speed, :total_realized_pnl, :total_unrealized_pnl, :clock, :last_seq,
      :last_hash, :slot)
    RETURNING number`,
  updateSession: `
    UPDATE sessions SET name = :name, end_time = :end_time, config = :config, status = :status, failure = :failure,
      playback_state = :playback_state, playback_speed = :playback_speed, total_realized_pnl = :total_realized_pnl,
      total_unrealized_pnl = :total_unrealized_pnl, clock = :clock, last_seq = :last_seq, last_hash = :last_hash
    WHERE id = :id`,
  failSession: "UPDATE sessions SET status = 'failed', failure = ? WHERE id = ?",
  adoptSession: "UPDATE sessions SET owner = ? WHERE id = ?",
  findHead: "SELECT number, last_seq, last_hash, slot FROM sessions WHERE id = ?",
  findSession: `SELECT ${SUMMARY_COLUMNS} FROM sessions WHERE id = ?`,
  listSessions: `
    SELECT ${SUMMARY_COLUMNS} FROM sessions
    WHERE owner = :owner AND (created_ms, number) < (:created_ms, :number)
    ORDER BY created_ms DESC, number DESC LIMIT :limit`,
  listPlaying: "SELECT id FROM sessions WHERE playback_state = 'playing' ORDER BY number",
  listSlots: "SELECT slot FROM sessions ORDER BY slot",
  deleteSession: "DELETE FROM sessions WHERE number = ?",
  insertEntry: "INSERT INTO entries (session, seq, at, hash, payload) VALUES (?, ?, ?, ?, ?)",
  findEntryHash: "SELECT hash FROM entries WHERE session = ? AND seq = ?",
  readEntries: `
    SELECT seq, at, hash, payload FROM entries WHERE session = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
  countEntries: "SELECT count(*) AS count FROM entries WHERE session = ? AND seq <= ?",
  copyEntries: `
    INSERT INTO entries (session, seq, at, hash, payload)
    SELECT ?, seq, at, hash, payload FROM entries WHERE session = ? AND seq <= ? ORDER BY seq`,
  deleteEntries: "DELETE FROM entries WHERE session = ?",
} as const;

export type Statements = { readonly [Name in keyof typeof SQL]: Database.Statement };

export function prepareStatements(database: Database.Database): Statements {
  const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]);
  return Object.fromEntries(prepared) as Statements;
}
