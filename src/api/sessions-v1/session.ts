/** The session object, and the bodies that make and change one. */
import { Type, type Static } from "typebox";
import { formatInstant, NAME_LENGTH_MAX } from "../../kernel/index.ts";
import type { AssetCatalog, SummaryDraft } from "../../sessions/index.ts";
import { DecimalInput, nullable, PLAIN_TEXT, Time } from "../wire/schemas.ts";
import { ConfigBody, ConfigView } from "./config.ts";

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
    config: ConfigView,
    notices: Type.Optional(
      Type.Array(Type.String(), {
        description: "What a reader of its results should know: prices that are not raw.",
      }),
    ),
    failure: Type.Optional(Type.String({ description: "Why a failed session failed." })),
  },
  { description: "A session: an isolated world with a clock, accounts, orders and positions." },
);

export function presentSession(summary: SummaryDraft, catalog: AssetCatalog): Static<typeof SessionObject> {
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
    config: JSON.parse(summary.config) as Static<typeof ConfigView>,
    ...noticesOf(catalog.adjustedSymbols()),
    ...(summary.failure === undefined ? {} : { failure: summary.failure }),
  };
}

/** Symbols that a notice names before it only counts. */
const NAMED_MAX = 5;

/** With adjusted prices a split or dividend would count twice, so corporate actions are off for them. */
function noticesOf(adjusted: readonly string[]): { notices?: string[] } {
  if (adjusted.length === 0) return {};
  const more = adjusted.length > NAMED_MAX ? ` and ${adjusted.length - NAMED_MAX} more` : "";
  const names = adjusted.slice(0, NAMED_MAX).join(", ");
  return { notices: [`Prices of ${names}${more} are adjusted, not raw: corporate actions are off for them.`] };
}

const Name = Type.String({ maxLength: NAME_LENGTH_MAX, pattern: PLAIN_TEXT });

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

export const AdvanceBody = Type.Object(
  {
    duration: Type.Optional(
      nullable(Type.Number({ exclusiveMinimum: 0, description: "Minutes; fractions to the millisecond." })),
    ),
    targetTime: Type.Optional(nullable(Type.String({ description: "RFC 3339 with an offset; not before the clock." }))),
  },
  { additionalProperties: false, description: "One of the two; neither is one minute." },
);

export const SpeedBody = Type.Object(
  { speed: Type.Number({ description: "> 0 and <= 1,000,000; 1 is real time." }) },
  { additionalProperties: false },
);

export const AdvanceReply = Type.Object({
  previousTime: Time,
  currentTime: Time,
  simulationEnd: Time,
  isCompleted: Type.Boolean(),
});
