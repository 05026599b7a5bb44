/** Positions, orders and the last fills, with what can be done about them. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { directionOf, gain, money, NOTHING, price, quantity } from "../format/numbers.ts";
import { momentText, zoneName } from "../format/times.ts";
import { settings } from "../settings/settings.ts";
import { isOpen, type ToldOrder } from "../store/session-reducer.ts";
import type { SessionStore } from "../store/session-store.ts";
import type { TradeDesk } from "../ticket/trade-desk.ts";

const TABS = ["positions", "orders", "fills"] as const;
type Tab = (typeof TABS)[number];

/** Rows that are drawn; the newest come first. */
const ROWS_MAX = 100;

export function Blotter({ store, desk }: Part): JSX.Element {
  const tab = useSignal<Tab>("positions");
  const open = store.openOrders.value.length;
  const rows: Readonly<Record<Tab, number>> = {
    positions: store.positions.value.length,
    orders: store.tape.value.orders.size,
    fills: store.tape.value.fills.length,
  };
  const counts = { ...rows, orders: open };
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
        {rows[tab.value] === 0 ? <Nothing tab={tab.value} /> : null}
        {rows[tab.value] > 0 && tab.value === "positions" ? <Positions store={store} desk={desk} /> : null}
        {rows[tab.value] > 0 && tab.value === "orders" ? <Orders store={store} desk={desk} /> : null}
        {rows[tab.value] > 0 && tab.value === "fills" ? <Fills store={store} desk={desk} /> : null}
      </div>
      <div class="blotter-foot">
        {tab.value === "orders" && open > 0 ? (
          <button
            type="button"
            class="button bare danger"
            onClick={() => {
              desk.cancelAll(open);
            }}
          >
            Cancel all
          </button>
        ) : null}
        {(["buy", "sell"] as const).map((side) => (
          <button
            key={side}
            type="button"
            class={`button ${side}`}
            onClick={() => {
              desk.open(side);
            }}
          >
            {side === "buy" ? "▲ Buy" : "▼ Sell"} <kbd>{side[0]?.toUpperCase()}</kbd>
          </button>
        ))}
      </div>
    </section>
  );
}

const WORDS: Readonly<Record<Tab, string>> = {
  positions: "No positions.",
  orders: "No orders yet. Your bot can place the first one, or press B.",
  fills: "No fills yet.",
};

const Nothing = ({ tab }: { readonly tab: Tab }): JSX.Element => <p class="nothing quiet">{WORDS[tab]}</p>;

interface Part {
  readonly store: SessionStore;
  readonly desk: TradeDesk;
}

function Positions({ store, desk }: Part): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          <th>Symbol</th>
          <th class="number">Qty</th>
          <th class="number">Price</th>
          <th class="number">Value</th>
          <th class="number">P/L</th>
          <th>
            <span class="visually-hidden">Close</span>
          </th>
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
            <td class="act">
              <button
                type="button"
                class="button bare"
                aria-label={`Close ${position.symbol}`}
                title="Close the position"
                onClick={() => {
                  desk.closePosition(position.symbol, quantity(position.qty));
                }}
              >
                ✕
              </button>
            </td>
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

function Orders({ store, desk }: Part): JSX.Element {
  const all = [...store.tape.value.orders.values()].toReversed();
  const shown = [...all.filter(isOpen), ...all.filter((order) => !isOpen(order))].slice(0, ROWS_MAX);
  return (
    <table>
      <thead>
        <tr>
          <th>Order</th>
          <th>Terms</th>
          <th>State</th>
          <th>
            <span class="visually-hidden">Cancel</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((order) => (
          <OrderRow key={order.id} order={order} desk={desk} />
        ))}
      </tbody>
    </table>
  );
}

function OrderRow({ order, desk }: { readonly order: ToldOrder; readonly desk: TradeDesk }): JSX.Element {
  const { id, side, symbol, status, qty, filled_qty: filled, time_in_force: tif } = order;
  const open = isOpen(order);
  return (
    <tr class={open ? "" : "quiet"}>
      <th scope="row">
        <button
          type="button"
          class="link"
          onClick={() => {
            desk.drawer.value = id;
          }}
        >
          <span class={side === "buy" ? "up" : "down"}>{side === "buy" ? "▲ buy" : "▼ sell"}</span> {symbol}
        </button>
      </th>
      <td>
        {termsOf(order)} <span class="quiet">{tif}</span>
      </td>
      <td>
        {open ? (status === "held" ? "◌ " : "● ") : ""}
        {status.replace("_", " ")} {open && Number(filled) > 0 ? `${quantity(filled)}/${quantity(qty)}` : ""}
      </td>
      <td class="act">
        {open ? (
          <button
            type="button"
            class="button bare"
            aria-label={`Cancel ${side} ${termsOf(order)} ${symbol}`}
            title="Cancel the order"
            onClick={() => {
              desk.cancel(id, `${side} ${symbol}`);
            }}
          >
            ✕
          </button>
        ) : null}
      </td>
    </tr>
  );
}

function Fills({ store, desk }: Part): JSX.Element {
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
                <button
                  type="button"
                  class="link"
                  onClick={() => {
                    desk.drawer.value = order;
                  }}
                >
                  <span class={side === "buy" ? "up" : "down"}>{side === "buy" ? "▲ buy" : "▼ sell"}</span>{" "}
                  {quantity(qty)} {symbol === "" ? NOTHING : symbol}
                </button>
              </td>
              <td class="number">{price(paid)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
