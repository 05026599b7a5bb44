/** Positions, open orders and the last fills. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { directionOf, gain, money, NOTHING, price, quantity } from "../format/numbers.ts";
import { momentText, zoneName } from "../format/times.ts";
import { settings } from "../settings/settings.ts";
import type { ToldOrder } from "../store/session-reducer.ts";
import type { SessionStore } from "../store/session-store.ts";

const TABS = ["positions", "orders", "fills"] as const;
type Tab = (typeof TABS)[number];

/** Rows that are drawn; the newest come first. */
const ROWS_MAX = 100;

export function Blotter({ store }: { readonly store: SessionStore }): JSX.Element {
  const tab = useSignal<Tab>("positions");
  const counts: Readonly<Record<Tab, number>> = {
    positions: store.positions.value.length,
    orders: store.openOrders.value.length,
    fills: store.tape.value.fills.length,
  };
  return (
    <section class="card blotter" aria-label="Blotter">
      <div class="tabs" role="group" aria-label="What is shown">
        {TABS.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={tab.value === each}
            onClick={() => {
              tab.value = each;
            }}
          >
            {each[0]?.toUpperCase()}
            {each.slice(1)} <small>{quantity(counts[each])}</small>
          </button>
        ))}
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label={tab.value}>
        {counts[tab.value] === 0 ? <Nothing tab={tab.value} /> : null}
        {counts[tab.value] > 0 && tab.value === "positions" ? <Positions store={store} /> : null}
        {counts[tab.value] > 0 && tab.value === "orders" ? <Orders store={store} /> : null}
        {counts[tab.value] > 0 && tab.value === "fills" ? <Fills store={store} /> : null}
      </div>
    </section>
  );
}

const WORDS: Readonly<Record<Tab, string>> = {
  positions: "No positions.",
  orders: "No open orders. Your bot can place the first one.",
  fills: "No fills yet.",
};

const Nothing = ({ tab }: { readonly tab: Tab }): JSX.Element => <p class="nothing quiet">{WORDS[tab]}</p>;

interface Part {
  readonly store: SessionStore;
}

function Positions({ store }: Part): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          <th>Symbol</th>
          <th class="number">Qty</th>
          <th class="number">Price</th>
          <th class="number">Value</th>
          <th class="number">P/L</th>
        </tr>
      </thead>
      <tbody>
        {store.positions.value.map((position) => (
          <tr key={position.symbol}>
            <th scope="row">{position.symbol}</th>
            <td class="number">{quantity(position.qty)}</td>
            <td class="number">{price(position.current_price)}</td>
            <td class="number">{money(position.market_value)}</td>
            <td class={`number ${directionOf(position.unrealized_pl)}`}>{gain(position.unrealized_pl)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** 100 limit 169.80 stop 168.00. */
export function termsOf({ qty, notional, type, limit_price: limit, stop_price: stop }: ToldOrder): string {
  const size = qty === null ? `$${money(notional)}` : quantity(qty);
  const prices = [
    ...(limit === null ? [] : [`limit ${price(limit)}`]),
    ...(stop === null ? [] : [`stop ${price(stop)}`]),
  ].join(" ");
  return `${size} ${prices === "" ? type.replace("_", " ") : prices}`;
}

function Orders({ store }: Part): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          <th>Order</th>
          <th>Terms</th>
          <th>State</th>
        </tr>
      </thead>
      <tbody>
        {store.openOrders.value.slice(-ROWS_MAX).map((order) => (
          <tr key={order.id}>
            <th scope="row">
              <span class={order.side === "buy" ? "up" : "down"}>{order.side === "buy" ? "▲ buy" : "▼ sell"}</span>{" "}
              {order.symbol}
            </th>
            <td>
              {termsOf(order)} <span class="quiet">{order.time_in_force}</span>
            </td>
            <td>
              {order.status === "held" ? "◌" : "●"} {order.status.replace("_", " ")}{" "}
              {Number(order.filled_qty) > 0 ? `${quantity(order.filled_qty)}/${quantity(order.qty)}` : ""}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Fills({ store }: Part): JSX.Element {
  const { zone } = settings.value;
  return (
    <table>
      <thead>
        <tr>
          <th>Time ({zoneName(zone)})</th>
          <th>Fill</th>
          <th class="number">Price</th>
        </tr>
      </thead>
      <tbody>
        {store.tape.value.fills
          .slice(-ROWS_MAX)
          .toReversed()
          .map(({ at, side, symbol, qty, price: paid, order }) => (
            <tr key={`${order} ${at} ${qty}`}>
              <td class="nowrap">{momentText(at, zone)}</td>
              <td>
                <span class={side === "buy" ? "up" : "down"}>{side === "buy" ? "▲ buy" : "▼ sell"}</span>{" "}
                {quantity(qty)} {symbol === "" ? NOTHING : symbol}
              </td>
              <td class="number">{price(paid)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
