/** The prices of an order: those of its type, and those of the orders that hang on it. */
import type { JSX } from "preact";
import { hasField } from "./ticket-draft.ts";
import { TextField, type FieldsParts } from "./ticket-fields.tsx";

export function PriceFields({ draft, change, wrong }: FieldsParts): JSX.Element | null {
  const has = (field: "limit" | "stop" | "trail"): boolean => hasField(draft, field);
  if (!has("limit") && !has("stop") && !has("trail")) return null;
  return (
    <div class="pair">
      {has("stop") ? (
        <TextField
          id="ticket-stop"
          label="Stop price"
          value={draft.stop}
          wrong={wrong("stop")}
          isNumber
          onInput={(stop) => {
            change({ stop });
          }}
        />
      ) : null}
      {has("limit") ? (
        <TextField
          id="ticket-limit"
          label="Limit price"
          value={draft.limit}
          wrong={wrong("limit")}
          isNumber
          onInput={(limit) => {
            change({ limit });
          }}
        />
      ) : null}
      {has("trail") ? (
        <div class="sized">
          <TextField
            id="ticket-trail"
            label={draft.trailUnit === "percent" ? "Trail in percent" : "Trail in dollars"}
            value={draft.trail}
            wrong={wrong("trail")}
            isNumber
            onInput={(trail) => {
              change({ trail });
            }}
          />
          <button
            type="button"
            class="button bare"
            onClick={() => {
              change({ trailUnit: draft.trailUnit === "percent" ? "dollars" : "percent" });
            }}
          >
            {draft.trailUnit === "percent" ? "in dollars" : "in percent"}
          </button>
        </div>
      ) : null}
    </div>
  );
}

export function ClassFields({ draft, change, wrong }: FieldsParts): JSX.Element | null {
  if (!hasField(draft, "legs")) return null;
  return (
    <div class="ticket-legs">
      <TextField
        id="ticket-target"
        label="Take profit at"
        value={draft.takeProfit}
        wrong={wrong("takeProfit")}
        isNumber
        onInput={(takeProfit) => {
          change({ takeProfit });
        }}
      />
      <TextField
        id="ticket-loss"
        label="Stop loss at"
        value={draft.stopLoss}
        wrong={wrong("stopLoss")}
        isNumber
        onInput={(stopLoss) => {
          change({ stopLoss });
        }}
      />
      <TextField
        id="ticket-loss-limit"
        label="Its limit, if any"
        value={draft.stopLossLimit}
        isNumber
        onInput={(stopLossLimit) => {
          change({ stopLossLimit });
        }}
      />
    </div>
  );
}
