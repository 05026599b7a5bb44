/** The dialogs of the trade desk: the ticket, the order drawer, and questions before what cannot be taken back. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Dialog } from "../parts/dialog.tsx";
import { complain } from "../shell/toasts.tsx";
import type { SessionStore } from "../store/session-store.ts";
import { OrderDrawer } from "./order-drawer.tsx";
import { Ticket } from "./ticket.tsx";
import type { Question, TradeDesk } from "./trade-desk.ts";

export interface TradeDialogsParts {
  readonly store: SessionStore;
  readonly desk: TradeDesk;
}

export function TradeDialogs({ store, desk }: TradeDialogsParts): JSX.Element | null {
  const account = store.account.value?.id;
  if (desk.question.value !== undefined) {
    return (
      <Asking
        question={desk.question.value}
        onClose={() => {
          desk.question.value = undefined;
        }}
      />
    );
  }
  if (account === undefined) return null;
  // Which symbols there are is known a moment after the page.
  if (desk.ticket.value !== undefined && desk.symbol.value !== "") {
    return (
      <Ticket
        side={desk.ticket.value.side}
        symbol={desk.symbol.value}
        store={store}
        account={account}
        symbols={desk.symbols.value}
        onClose={() => {
          desk.ticket.value = undefined;
        }}
      />
    );
  }
  if (desk.drawer.value === undefined) return null;
  return (
    <OrderDrawer
      store={store}
      account={account}
      order={desk.drawer.value}
      onClose={() => {
        desk.drawer.value = undefined;
      }}
    />
  );
}

interface AskingParts {
  readonly question: Question;
  readonly onClose: () => void;
}

function Asking({ question, onClose }: AskingParts): JSX.Element {
  const isBusy = useSignal(false);
  return (
    <Dialog title={question.title} class="narrow" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          isBusy.value = true;
          question.run().catch(complain).finally(onClose);
        }}
      >
        <div class="dialog-body">
          <p>{question.words}</p>
        </div>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            Keep
          </button>
          <button class="button danger" disabled={isBusy.value} autofocus>
            {question.label}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
