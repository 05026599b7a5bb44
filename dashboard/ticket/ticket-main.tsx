/** What every order has: side, symbol, size, type, time in force and class. */
import type { JSX } from "preact";
import { CLASSES, TIMES_IN_FORCE, TYPES, type TicketDraft } from "./ticket-draft.ts";
import { Choice, TextField, type FieldsParts } from "./ticket-fields.tsx";

export function Sides({ side, change }: Pick<FieldsParts, "change"> & Pick<TicketDraft, "side">): JSX.Element {
  return (
    <div class="sides" role="radiogroup" aria-label="Side">
      {(["buy", "sell"] as const).map((each) => (
        <label key={each} class={`side ${each}`}>
          <input
            type="radio"
            name="side"
            checked={side === each}
            onChange={() => {
              change({ side: each });
            }}
          />
          {each === "buy" ? "▲ Buy" : "▼ Sell"}
        </label>
      ))}
    </div>
  );
}

export function SymbolAndSize({
  draft,
  change,
  wrong,
  symbols,
}: FieldsParts & { readonly symbols: readonly string[] }): JSX.Element {
  return (
    <div class="pair">
      <TextField
        id="ticket-symbol"
        label="Symbol"
        value={draft.symbol}
        wrong={wrong("symbol")}
        list="ticket-symbols"
        onInput={(symbol) => {
          change({ symbol: symbol.toUpperCase() });
        }}
      />
      <datalist id="ticket-symbols">
        {symbols.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <div class="sized">
        <TextField
          id="ticket-size"
          label={draft.unit === "shares" ? "Quantity" : "Amount in dollars"}
          value={draft.size}
          wrong={wrong("size")}
          isNumber
          autofocus
          onInput={(size) => {
            change({ size });
          }}
        />
        <button
          type="button"
          class="button bare"
          onClick={() => {
            change({ unit: draft.unit === "shares" ? "dollars" : "shares" });
          }}
        >
          {draft.unit === "shares" ? "in dollars" : "in shares"}
        </button>
      </div>
    </div>
  );
}

export function TypeAndTime({ draft, change, wrong }: FieldsParts): JSX.Element {
  return (
    <div class="pair">
      <Choice
        id="ticket-type"
        label="Type"
        options={TYPES}
        value={draft.type}
        isDisabled={draft.orderClass === "oco"}
        onChange={(type) => {
          change({ type });
        }}
      />
      <div>
        <Choice
          id="ticket-tif"
          label="Time in force"
          options={TIMES_IN_FORCE}
          value={draft.timeInForce}
          onChange={(timeInForce) => {
            change({ timeInForce });
          }}
        />
        {wrong("timeInForce") === undefined ? null : <p class="problem">{wrong("timeInForce")}</p>}
      </div>
    </div>
  );
}

export function ClassAndHours({ draft, change }: Omit<FieldsParts, "wrong">): JSX.Element {
  return (
    <div class="pair">
      <Choice
        id="ticket-class"
        label="Class"
        options={CLASSES}
        value={draft.orderClass}
        onChange={(orderClass) => {
          change({ orderClass });
        }}
      />
      <label class="check ticket-extended">
        <input
          type="checkbox"
          checked={draft.isExtended}
          onChange={(event) => {
            change({ isExtended: event.currentTarget.checked });
          }}
        />
        Extended hours, too
      </label>
    </div>
  );
}
