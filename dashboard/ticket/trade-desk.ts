/** What the reader is about to do with orders: which dialog is open, and what it asks the server for. */
import { signal } from "@preact/signals";
import { client } from "../api/access.ts";
import { attempt, say } from "../shell/toasts.tsx";
import type { SessionStore } from "../store/session-store.ts";

export interface Question {
  readonly title: string;
  readonly words: string;
  /** What the button says. */
  readonly label: string;
  readonly run: () => Promise<unknown>;
}

const NO_ACCOUNT = "Open an account first";

export type TradeDesk = ReturnType<typeof createTradeDesk>;

export function createTradeDesk(store: SessionStore) {
  const ticket = signal<{ readonly side: "buy" | "sell" } | undefined>(undefined);
  const drawer = signal<string | undefined>(undefined);
  const question = signal<Question | undefined>(undefined);
  /** The symbol of the chart, which a new order is most likely about, and all that there are. */
  const symbol = signal("");
  const symbols = signal<readonly string[]>([]);
  /** The symbol that the reader wants to see; undefined: the one that is most likely. */
  const chosen = signal<string | undefined>(undefined);
  const withAccount = (work: (account: string) => void): void => {
    const own = store.account.value?.id;
    if (own === undefined) say(NO_ACCOUNT);
    else work(own);
  };
  const done = async (work: Promise<unknown>, words: string): Promise<void> => {
    await work;
    store.refresh();
    say(words);
  };
  return {
    ticket,
    drawer,
    question,
    symbol,
    symbols,
    chosen,
    open: (side: "buy" | "sell"): void => {
      if (store.accounts.value?.length === 0) say(NO_ACCOUNT);
      // Shown as soon as the account and the symbols are known.
      else ticket.value = { side };
    },
    cancel: (order: string, terms: string): void => {
      withAccount((account) => {
        attempt(() => done(client.cancelOrder(store.id, account, order), `${terms}: cancellation asked for`));
      });
    },
    cancelAll: (count: number): void => {
      withAccount((account) => {
        question.value = {
          title: "Cancel all orders",
          words: `${count === 1 ? "One open order is" : `${count} open orders are`} canceled, legs included.`,
          label: "Cancel all",
          run: () => done(client.cancelOrders(store.id, account), "Cancellation asked for"),
        };
      });
    },
    closePosition: (of: string, qty: string): void => {
      withAccount((account) => {
        question.value = {
          title: `Close ${of}`,
          words: `A market order closes the position of ${qty} ${of}; it fills at the next price there is.`,
          label: "Close position",
          run: () => done(client.closePosition(store.id, account, of), `Order to close ${of} sent`),
        };
      });
    },
  };
}
