/** One session: what it holds, its chart, and the deck that moves it. */
import { effect, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { JSX } from "preact";
import { ChartPanel } from "../chart/chart-panel.tsx";
import { TIMEFRAMES, type Timeframe } from "../chart/timeframes.ts";
import { titleOf } from "../sessions/session-facts.ts";
import { screenActions, type Action } from "../shell/actions.ts";
import { createSessionStore, type SessionStore } from "../store/session-store.ts";
import { Watchlist } from "../watch/watchlist.tsx";
import { Blotter } from "./blotter.tsx";
import { PastDialog } from "./past-dialog.tsx";
import { GoToTime } from "./go-to-time.tsx";
import { MoneyStrip } from "./money-strip.tsx";
import { TapeDeck } from "./tape-deck.tsx";
import { createTradeDesk, type TradeDesk } from "../ticket/trade-desk.ts";
import { TradeDialogs } from "../ticket/trade-dialogs.tsx";
import { createTransport, neighbourOf, NEXTS, type Next, type Transport } from "./transport.ts";

export function Workspace({ id }: { readonly id: string }): JSX.Element {
  const store = useMemo(() => createSessionStore(id), [id]);
  const transport = useMemo(() => createTransport(store), [store]);
  const desk = useMemo(() => createTradeDesk(store), [store]);
  const timeframe = useSignal<Timeframe>("1Min");
  const isPastOpen = useSignal(false);
  const barMinutes = TIMEFRAMES[timeframe.value].minutes;
  useEffect(() => store.close, [store]);
  useEffect(
    () =>
      effect(() => {
        // The page begins anew where the session does.
        if (store.tape.value.rewinds > 0) location.reload();
      }),
    [store],
  );
  useEffect(() => {
    screenActions.value = [
      ...actionsOf(store, transport, () => TIMEFRAMES[timeframe.value].minutes),
      ...tradeActions(store, desk),
      {
        group: "Tape",
        name: "Fork or rewind",
        keys: ["y"],
        run: () => {
          isPastOpen.value = true;
        },
      },
    ];
    return () => {
      screenActions.value = [];
    };
  }, [store, transport, desk, timeframe, isPastOpen]);
  if (store.session.value === undefined && store.link.value === "refused") return <Refused store={store} />;
  const session = store.session.value;
  return (
    <>
      <div class="page-head work-head">
        <a class="button bare" href="/" aria-label="Back to the sessions">
          ‹
        </a>
        <h1>{session === undefined ? "…" : titleOf(session)}</h1>
        <MoneyStrip store={store} />
        <button
          type="button"
          class="button bare past-button"
          aria-haspopup="dialog"
          onClick={() => {
            isPastOpen.value = true;
          }}
        >
          ⎇ Fork or rewind
        </button>
      </div>
      <div class="work">
        <Watchlist store={store} desk={desk} />
        <ChartPanel store={store} timeframe={timeframe} desk={desk} />
        <Blotter store={store} desk={desk} />
      </div>
      <PastDialog store={store} isOpen={isPastOpen} />
      <TradeDialogs store={store} desk={desk} />
      <GoToTime store={store} transport={transport} />
      <TapeDeck store={store} transport={transport} barMinutes={barMinutes} />
    </>
  );
}

function Refused({ store }: { readonly store: SessionStore }): JSX.Element {
  return (
    <div class="empty">
      <h1>This session cannot be shown</h1>
      <p>{store.problem.value}</p>
      <div class="actions">
        <a class="button" href="/">
          To the sessions
        </a>
      </div>
    </div>
  );
}

function tradeActions({ openOrders }: SessionStore, desk: TradeDesk): readonly Action[] {
  return [
    {
      group: "Trade",
      name: "Buy",
      keys: ["b"],
      run: () => {
        desk.open("buy");
      },
    },
    {
      group: "Trade",
      name: "Sell",
      keys: ["s"],
      run: () => {
        desk.open("sell");
      },
    },
    {
      group: "Trade",
      name: "Cancel all orders",
      keys: ["shift+x"],
      run: () => {
        if (openOrders.value.length > 0) desk.cancelAll(openOrders.value.length);
      },
    },
  ];
}

const KEYS: Readonly<Record<Next, string>> = { fill: "f", order: "e", open: "o", close: "c", day: "d" };

function actionsOf({ id, session }: SessionStore, transport: Transport, minutes: () => number): readonly Action[] {
  const faster = (step: 1 | -1): void => {
    transport.setSpeed(neighbourOf(session.value?.playback_speed ?? 1, step));
  };
  const short = id.slice(0, 8);
  return [
    {
      group: "Tape",
      name: "Play or pause",
      keys: ["space", "k"],
      run: transport.toggle,
      cli: `tapedeck session play ${short}`,
    },
    {
      group: "Tape",
      name: "Step one bar",
      keys: ["right", "."],
      run: () => {
        transport.step(minutes());
      },
      cli: `tapedeck session advance ${short} --minutes ${minutes()}`,
    },
    ...NEXTS.map(([what, label]): Action => ({
      group: "Tape",
      name: `Next ${label.toLowerCase()}`,
      keys: [KEYS[what]],
      run: () => {
        transport.next(what);
      },
    })),
    {
      group: "Tape",
      name: "Run to a time",
      keys: ["t"],
      run: () => {
        transport.isChoosingTime.value = true;
      },
      cli: `tapedeck session advance ${short} --until TIME`,
    },
    {
      group: "Tape",
      name: "Faster",
      keys: ["l"],
      run: () => {
        faster(1);
      },
    },
    {
      group: "Tape",
      name: "Slower",
      keys: ["j"],
      run: () => {
        faster(-1);
      },
    },
    {
      group: "Tape",
      name: "Full speed",
      keys: ["0"],
      run: () => {
        transport.setSpeed(1_000_000);
      },
    },
  ];
}
