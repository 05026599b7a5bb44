/** What an order would do, as the server foresees it: the last look before it is sent. */
import type { JSX } from "preact";
import type { OrderPreview } from "../api/order-types.ts";
import { money, price, quantity } from "../format/numbers.ts";
import { momentText } from "../format/times.ts";
import { TIMES_IN_FORCE, TYPES, type TicketDraft } from "./ticket-draft.ts";

export interface ReviewParts {
  readonly preview: OrderPreview;
  readonly draft: TicketDraft;
}

export function Review({ preview, draft }: ReviewParts): JSX.Element {
  const { qty, notional, symbol, side } = preview;
  const size = qty === null ? `$${money(notional)} of` : quantity(qty);
  const [tif = ""] = TIMES_IN_FORCE[draft.timeInForce].split(":");
  return (
    <section class="ticket-review" aria-label="Review" role="status">
      <p>
        <strong>
          {side === "buy" ? "Buy" : "Sell"} {size} {symbol}
        </strong>
        , {TYPES[preview.type].toLowerCase()}
        {draft.limit !== "" && preview.type.includes("limit") ? ` ${price(draft.limit)}` : ""}, {tif.toLowerCase()}
      </p>
      <dl>
        <Fact name="Estimated price" value={price(preview.estimated_price)} />
        <Fact name="Cost" value={money(preview.cost_basis)} />
        <Fact name="Fees" value={money(preview.estimated_fees)} />
        <Fact
          name="Buying power"
          value={`${money(preview.buying_power_before)} → ${money(preview.buying_power_after)}`}
        />
        <Fact
          name="Position"
          value={`${quantity(preview.position_qty_before)} → ${quantity(preview.position_qty_after)}`}
        />
        {preview.opens_at === null ? null : (
          <Fact name="Works from" value={`${momentText(Date.parse(preview.opens_at))} ET`} />
        )}
      </dl>
      {preview.warnings.map((warning) => (
        <p key={warning} class="hint">
          ⚠ {warning}
        </p>
      ))}
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
