/** The session object, and the bodies that make and change one. */
import { Type, type Static } from "typebox";
import { formatInstant, NAME_LENGTH_MAX } from "../../kernel/index.ts";
import { describeDays, type AssetCatalog, type ChangedDay, type SessionSummary } from "../../sessions/index.ts";
import { DecimalInput, nullable, PLAIN_TEXT, Time } from "../wire/schemas.ts";
import { ConfigView, ConfigBody } from "./config.ts";

export const SessionObject = Type.Object(
  {
    id: Type.String(),
    name: nullable(Type.String()),
    status: Type.Enum(["active", "completed", "failed"]),
    simulation_start: Time,
    simulation_end: Time,
    current_time: Time,
    playback_state: Type.Enum(["paused", "playing"]),
    playback_speed: Type.Number(),
    initial_cash: Type.Number(),
    total_realized_pnl: Type.Number(),
    total_unrealized_pnl: Type.Number(),
    created_at: Time,
    journal_seq: Type.Integer({ description: "Entries of its journal: one a command that did something." }),
    journal_hash: Type.String({ description: "SHA-256 over the whole journal: equal hashes are equal pasts." }),
    parent_id: Type.Optional(Type.String({ description: "The session that it was forked from." })),
    parent_deleted: Type.Optional(Type.Boolean({ description: "Whether that one is gone." })),
    forked_at: Type.Optional(Time),
    config: ConfigView,
    notices: Type.Optional(
      Type.Array(Type.String(), {
        description: "What a reader of its results should know: prices that are not raw, data that has changed.",
      }),
    ),
    data_changed: Type.Optional(
      Type.Object(
        {
          total: Type.Integer({ description: "Days of all symbols." }),
          days: Type.Array(Type.Object({ symbol: Type.String(), date: Type.String() }), {
            description: "The first hundred.",
          }),
        },
        { description: "Days that held other bars when the session used them: it refuses to go on with both." },
      ),
    ),
    failure: Type.Optional(Type.String({ description: "Why a failed session failed." })),
  },
  { description: "A session: an isolated world with a clock, accounts, orders and positions." },
);

/** Changed days that an object names. */
const CHANGED_DAYS_SHOWN = 100;

/** `changed`: days that held other bars when the session used them. */
export function presentSession(
  summary: SessionSummary,
  catalog: AssetCatalog,
  changed: readonly ChangedDay[] = [],
): Static<typeof SessionObject> {
  return {
    id: summary.id,
    name: summary.name ?? null,
    status: summary.status,
    simulation_start: formatInstant(summary.startTime),
    simulation_end: formatInstant(summary.endTime),
    current_time: formatInstant(summary.clock),
    playback_state: summary.playbackState,
    playback_speed: summary.playbackSpeed,
    initial_cash: Number(summary.initialCash),
    total_realized_pnl: Number(summary.totalRealizedPnl),
    total_unrealized_pnl: summary.totalUnrealizedPnl,
    created_at: summary.createdAt,
    journal_seq: summary.lastSeq,
    journal_hash: summary.lastHash,
    ...originOf(summary),
    config: JSON.parse(summary.config) as Static<typeof ConfigView>,
    ...noticesOf(summary, catalog.adjustedSymbols(), changed),
    ...(changed.length === 0
      ? {}
      : { data_changed: { total: changed.length, days: changed.slice(0, CHANGED_DAYS_SHOWN) } }),
    ...(summary.failure === undefined ? {} : { failure: summary.failure }),
  };
}

function originOf({ origin }: SessionSummary): { parent_id?: string; parent_deleted?: boolean; forked_at?: string } {
  if (origin === undefined) return {};
  return { parent_id: origin.session, parent_deleted: origin.isDeleted, forked_at: formatInstant(origin.at) };
}

const CLOCK_RECOVERED =
  "clock_recovered: the machine stopped, or clock marks were lost; the clock stands where it was last known to be.";

/** Symbols that a notice names before it only counts. */
const NAMED_MAX = 5;

/** With adjusted prices a split or dividend would count twice, so corporate actions are off for them. */
function noticesOf(
  { isClockRecovered = false }: SessionSummary,
  adjusted: readonly string[],
  changed: readonly ChangedDay[],
): { notices?: string[] } {
  const recovered = isClockRecovered ? [CLOCK_RECOVERED] : [];
  const notices = [...recovered, ...adjustedNotices(adjusted), ...changedNotices(changed)];
  return notices.length === 0 ? {} : { notices };
}

function changedNotices(changed: readonly ChangedDay[]): readonly string[] {
  if (changed.length === 0) return [];
  return [
    `Bars that this session has used have changed: ${describeDays(changed)}. It does not go on until they are accepted.`,
  ];
}

function adjustedNotices(adjusted: readonly string[]): readonly string[] {
  if (adjusted.length === 0) return [];
  const more = adjusted.length > NAMED_MAX ? ` and ${adjusted.length - NAMED_MAX} more` : "";
  const names = adjusted.slice(0, NAMED_MAX).join(", ");
  return [`Prices of ${names}${more} are adjusted, not raw: corporate actions are off for them.`];
}

export const Name = Type.String({ maxLength: NAME_LENGTH_MAX, pattern: PLAIN_TEXT });

export const CreateSessionBody = Type.Object(
  {
    startTime: Type.String({ description: "RFC 3339 with an offset." }),
    endTime: Type.String({ description: "RFC 3339 with an offset; after startTime." }),
    name: Type.Optional(nullable(Name)),
    initialCash: Type.Optional(DecimalInput),
    config: Type.Optional(ConfigBody),
  },
  { additionalProperties: false },
);

export const UpdateSessionBody = Type.Object(
  { name: Type.Optional(Name), endTime: Type.Optional(Type.String({ description: "Later than the present end." })) },
  { additionalProperties: false },
);

export const SpeedBody = Type.Object(
  { speed: Type.Number({ description: "> 0 and <= 1,000,000; 1 is real time." }) },
  { additionalProperties: false },
);
