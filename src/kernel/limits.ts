/** Every named limit of the product, each with a line of arithmetic. Reaching one has a defined answer. */

/** A request body: the largest sensible order is under 2 KiB, account contact data under 64 KiB. Beyond: 413. */
export const BODY_BYTES_MAX = 1_048_576;

/** Longest that a request may take to arrive, in milliseconds: a slow sender cannot hold a connection for ever. */
export const REQUEST_MS_MAX = 30_000;

/** Bars in one reply: 10,000 × about 100 bytes of JSON is 1 MB. Beyond: 400. */
export const BARS_PER_REPLY_MAX = 10_000;
export const BARS_PER_REPLY_DEFAULT = 1000;

/** Orders in one reply, as Alpaca has it. Beyond: 422. */
export const ORDERS_PER_REPLY_MAX = 500;
export const ORDERS_PER_REPLY_DEFAULT = 50;

/** Rows in one reply of a list of sessions or accounts. Beyond: 400. */
export const LIST_ROWS_MAX = 1000;
export const LIST_ROWS_DEFAULT = 100;

/** Open orders of one account: each costs about 1 KB and 1 µs an advance. Beyond: 403. */
export const OPEN_ORDERS_PER_ACCOUNT_MAX = 10_000;

/** Accounts in one session. Beyond: 429. */
export const ACCOUNTS_PER_SESSION_MAX = 1000;

/** Commands waiting in one session: at 1 ms each the last waits ten seconds. Beyond: 429. */
export const QUEUED_COMMANDS_MAX = 10_000;

/** Longest slice of a long command before other sessions get a turn, in milliseconds. */
export const COMMAND_SLICE_MS = 50;

/** Bars held in memory for all sessions: about 64 bytes each, so 8 million bars. Least recently used go first. */
export const SERIES_BYTES_MAX = 512 * 1_048_576;

/** Characters of a session's name. Beyond: 400. */
export const NAME_LENGTH_MAX = 256;

/** Characters of an account's contact and identity together, as JSON: Alpaca's fullest form is under 8 KiB. Beyond: 400. */
export const PROFILE_LENGTH_MAX = 65_536;

/** Holdings given to each account of a session: more than any index has members. Beyond: 400. */
export const INITIAL_POSITIONS_MAX = 5000;

/** Characters of a client_order_id, as Alpaca has it. Beyond: 422. */
export const CLIENT_ORDER_ID_LENGTH_MAX = 128;

/** Cash of an account, in dollars: 10¹² keeps every product inside a double's exact integers on the wire. Beyond: 400. */
export const CASH_MAX = 1_000_000_000_000n;

/** Shares of one order, and dollars of one price: far above any real one, far below overflow. Beyond: 422. */
export const ORDER_QTY_MAX = 1_000_000_000n;
export const ORDER_PRICE_MAX = 10_000_000n;

/** Multiplier of playback. Beyond: 400. */
export const PLAYBACK_SPEED_MAX = 1_000_000;

/** Nesting of a JSON body. Beyond: 400. */
export const JSON_DEPTH_MAX = 32;

/** Activities in one reply, as Alpaca has it. Beyond: 422. */
export const ACTIVITIES_PER_REPLY_MAX = 100;

/** Events of an order that an explanation tells, the newest: about 200 bytes each. Older ones are counted. */
export const EXPLAINED_EVENTS_MAX = 1000;

/** Rows of a table of corporate actions or assets: about 6 µs each to read, and 100 bytes in memory. Beyond: refused. */
export const TABLE_ROWS_MAX = 500_000;

/** Files of one import: ten years of a file a day and symbol for 200 symbols. Beyond: refused. */
export const IMPORT_FILES_MAX = 500_000;

/** Rows of an import in memory, 72 bytes each, so about 450,000; more wait in a file beside the catalog. */
export const IMPORT_STAGING_BYTES_MAX = 32 * 1_048_576;

/** A file of JSON pages: 10,000 bars are 1 MB, and parsed they take about four times as much. Beyond: refused. */
export const IMPORT_JSON_BYTES_MAX = 64 * 1_048_576;

/** Rows of one row group of a Parquet file: about 100 bytes each while it is read. Beyond: refused. */
export const PARQUET_GROUP_ROWS_MAX = 2_000_000;

/** Bytes of one answer of a provider of data: 50,000 bars of about 130 bytes are 6.5 MB. Beyond: the download stops. */
export const DOWNLOAD_ANSWER_BYTES_MAX = 32 * 1_048_576;

/** Pages of one stretch of a download: a month of minutes at the smallest page of 100 bars has 450. Beyond: it fails. */
export const DOWNLOAD_PAGES_MAX = 1000;

/** Times that one request is made: with back-off of 1 to 60 s in between, about two minutes. Then the download stops. */
export const DOWNLOAD_TRIES_MAX = 8;

/** Longest wait that a provider may ask for, in milliseconds. Beyond: the download stops and says when to go on. */
export const DOWNLOAD_WAIT_MS_MAX = 15 * 60_000;

/** Bytes that wait for one reader of a stream: about 130,000 bars. Beyond: told 407, and closed. */
export const STREAM_BUFFER_BYTES_MAX = 16 * 1_048_576;

/** Of a reader in lock-step: with more than that waiting to be sent, an advance pauses. About 8,000 bars. */
export const STREAM_BUFFER_HIGH_BYTES = 1_048_576;

/** Messages in one frame: bars of 130 bytes make 33 KB, far below the 1 MiB that clients take at most. */
export const STREAM_FRAME_MESSAGES_MAX = 256;

/** Longest that a session waits for a reader in lock-step, in milliseconds. Beyond: told 407, and closed. */
export const LOCK_STEP_MS_MAX = 60_000;

/** Milliseconds that a client of market data has for its credentials, as Alpaca has it. Beyond: told 404, and closed. */
export const STREAM_AUTH_MS_MAX = 10_000;

/** A message that a client sends: a list of 10,000 symbols is 60 KB. Beyond: the socket is closed. */
export const STREAM_MESSAGE_BYTES_MAX = 1_048_576;

/** Sockets and event streams of one session. Beyond: 429. */
export const STREAMS_PER_SESSION_MAX = 1000;

/** Runs of a session's commands at once, over all sessions: each holds a state of about 1 KB an order. Beyond: 429. */
export const PROOFS_AT_ONCE_MAX = 4;

/** A session file as it arrives: a million commands are about 100 MB. Beyond: 422. */
export const SESSION_FILE_BYTES_MAX = 1024 * 1_048_576;

/** What it holds, unpacked: ten million commands of about 800 bytes. Beyond: 422. */
export const SESSION_FILE_TEXT_BYTES_MAX = 8 * 1024 * 1_048_576;

/** One line of it: a command with about 100,000 events is 32 MB. Beyond: 422. */
export const SESSION_FILE_LINE_BYTES_MAX = 64 * 1_048_576;

/** Longest that a session file may take to arrive, in milliseconds: 1 GB at 1.7 MB a second. */
export const SESSION_FILE_MS_MAX = 600_000;

/** Requests of clients that are remembered, the newest: about 300 bytes each. Older ones are forgotten. */
export const REQUEST_LOG_MAX = 2000;

/** Characters of a path in the log of requests: the longest sensible one has about 150. The rest is left out. */
export const LOGGED_PATH_LENGTH_MAX = 256;

/** A file to import as it arrives: a year of minutes of 100 symbols is about 1 GB as text. Beyond: 413. */
export const UPLOAD_BYTES_MAX = 2048 * 1_048_576;

/** What it holds, unpacked: text of bars shrinks to a tenth at best. Beyond: refused. */
export const UPLOAD_TEXT_BYTES_MAX = 10 * UPLOAD_BYTES_MAX;

/** Rows of it: 72 bytes each while they are sorted, so 7.2 GB on disk. Beyond: refused. */
export const UPLOAD_ROWS_MAX = 100_000_000;

/** Files of one owner that wait to be imported: a dozen dropped at once, and some to spare. Beyond: 429. */
export const UPLOADS_WAITING_MAX = 16;

/** Ended imports that are remembered, with at most a hundred refused rows each: about 20 KB. Older ones are forgotten. */
export const IMPORTS_REMEMBERED_MAX = 50;

/** How long a file waits for its import, in milliseconds: an hour. Then it is removed. */
export const UPLOAD_WAIT_MS_MAX = 3_600_000;

/** Longest that a file to import may take to arrive, in milliseconds: 2 GB at 0.6 MB a second. */
export const UPLOAD_MS_MAX = 3_600_000;

/** Rows that a preview shows: enough to see what each column is. */
export const PREVIEW_ROWS_MAX = 8;
