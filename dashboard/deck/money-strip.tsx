/** The account in a line: equity, today's change, buying power. */
import type { JSX } from "preact";
import { directionOf, gain, money } from "../format/numbers.ts";
import { client } from "../api/access.ts";
import type { SessionStore } from "../store/session-store.ts";
import { attempt } from "../shell/toasts.tsx";

export function MoneyStrip({ store }: { readonly store: SessionStore }): JSX.Element {
  const found = store.money.value;
  if (store.accounts.value?.length === 0) {
    return (
      <button
        type="button"
        class="button"
        onClick={() => {
          attempt(async () => {
            await client.openAccount(store.id);
            store.refresh();
          });
        }}
      >
        Open an account
      </button>
    );
  }
  const day = found === undefined ? undefined : Number(found.equity) - Number(found.last_equity);
  return (
    <dl class="money">
      <Figure name="Equity" value={money(found?.equity)} />
      <Figure name="Day" value={gain(day)} look={directionOf(day)} />
      <Figure name="Cash" value={money(found?.cash)} />
      <Figure name="Buying power" value={money(found?.buying_power)} />
    </dl>
  );
}

interface FigureParts {
  readonly name: string;
  readonly value: string;
  readonly look?: string;
}

const Figure = ({ name, value, look = "" }: FigureParts): JSX.Element => (
  <div>
    <dt>{name}</dt>
    <dd class={look}>{value}</dd>
  </div>
);
