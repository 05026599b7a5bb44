/** One order: what happened to it and why, its fills with their rules, and the object itself. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import { wordsOf } from "../api/errors.ts";
import type { Explanation } from "../api/order-types.ts";
import { money, NOTHING, price, quantity } from "../format/numbers.ts";
import { momentText, zoneName } from "../format/times.ts";
import { Code } from "../parts/code.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { settings } from "../settings/settings.ts";
import type { SessionStore } from "../store/session-store.ts";

export interface DrawerParts {
  readonly store: SessionStore;
  readonly account: string;
  readonly order: string;
  readonly onClose: () => void;
}

export function OrderDrawer({ store, account, order, onClose }: DrawerParts): JSX.Element {
  const found = useSignal<Explanation | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const status = store.tape.value.orders.get(order)?.status;
  useEffect(() => {
    const read = async (): Promise<void> => {
      found.value = await client.explainOrder(store.id, account, order);
    };
    read().catch((error: unknown) => {
      problem.value = wordsOf(error);
    });
  }, [store, account, order, status, found, problem]);
  return (
    <Dialog title="Order" class="drawer" onClose={onClose}>
      <div class="dialog-body">
        {problem.value === undefined ? null : <p class="notice bad">{problem.value}</p>}
        {found.value === undefined ? <p class="quiet">Reading what happened …</p> : <Told told={found.value} />}
      </div>
    </Dialog>
  );
}

function Told({ told }: { readonly told: Explanation }): JSX.Element {
  const { order, why, waiting_for: waitingFor, events, fills, left_out: leftOut } = told;
  const { zone } = settings.value;
  return (
    <>
      <div>
        <p class="drawer-head">
          <span class={order.side === "buy" ? "up" : "down"}>{order.side === "buy" ? "▲ Buy" : "▼ Sell"}</span>{" "}
          <strong>
            {order.qty === null ? `$${money(order.notional)}` : quantity(order.qty)} {order.symbol}
          </strong>{" "}
          <span class="quiet">
            {order.type.replace("_", " ")} {order.time_in_force} · {order.status.replace("_", " ")}
          </span>
        </p>
        <p>{why}</p>
        {waitingFor === null ? null : <p class="hint">Waits for {waitingFor}.</p>}
      </div>
      {fills.length === 0 ? null : <Fills fills={fills} />}
      <section>
        <h3>History</h3>
        <div class="scroll" tabIndex={0} role="region" aria-label="History">
          <table>
            <thead>
              <tr>
                <th>Time ({zoneName(zone)})</th>
                <th>What</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              {events.map(({ at, event, reason }, index) => (
                <tr key={`${at} ${event} ${index}`}>
                  <td class="nowrap">{momentText(Date.parse(at), zone)}</td>
                  <td>{event.replace("_", " ")}</td>
                  <td>{reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {leftOut === 0 ? null : <p class="hint">{leftOut} older events are not shown.</p>}
      </section>
      <details>
        <summary>The object, as the API gives it</summary>
        <Code label="The order" languages={[["json", "JSON"]]} text={() => JSON.stringify(order, undefined, 2)} />
      </details>
    </>
  );
}

function Fills({ fills }: Pick<Explanation, "fills">): JSX.Element {
  const { zone } = settings.value;
  return (
    <section>
      <h3>Fills</h3>
      {fills.map((fill) => (
        <div key={`${fill.at} ${fill.qty}`} class="drawer-fill">
          <p>
            <strong>
              {quantity(fill.qty)} at {price(fill.price)}
            </strong>{" "}
            <span class="quiet">{momentText(Date.parse(fill.at), zone)}</span>
          </p>
          <p>{fill.rule_text}</p>
          <p class="hint">
            Reference {price(fill.reference_price)}, slippage {price(fill.slippage)}. Bar {bar(fill.bar.open)} ·{" "}
            {bar(fill.bar.high)} · {bar(fill.bar.low)} · {bar(fill.bar.close)}, volume {quantity(fill.bar.volume)}.{" "}
            {fill.cap === null ? fill.cap_note : `At most ${quantity(fill.cap)} of it.`}
          </p>
        </div>
      ))}
    </section>
  );
}

const bar = (value: number | null): string => (value === null ? NOTHING : price(value));
