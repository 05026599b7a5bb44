/** Removing a symbol's bars: says what goes and whom it concerns, and asks for the symbol's name. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import type { SymbolData } from "../api/connect-types.ts";
import { counted } from "../format/numbers.ts";
import { Dialog } from "../parts/dialog.tsx";
import { navigate } from "../routing/router.ts";
import { attempt, say } from "../shell/toasts.tsx";
import { changes } from "./import-queue.ts";

export interface RemoveParts {
  readonly shown: SymbolData;
  readonly onClose: () => void;
}

export function RemoveDialog({ shown, onClose }: RemoveParts): JSX.Element {
  const typed = useSignal("");
  const { symbol, series } = shown;
  const rows = series.reduce((sum, each) => sum + each.rows, 0);
  const isSure = typed.value.trim().toUpperCase() === symbol;
  const remove = async (): Promise<void> => {
    onClose();
    await client.removeSymbol(symbol);
    changes.value += 1;
    say(`${symbol} is removed`);
    navigate("/data");
  };
  return (
    <Dialog title={`Remove ${symbol}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isSure) attempt(remove);
        }}
      >
        <div class="dialog-body">
          <p>
            {counted(rows, "bar")} in {series.length} series go ({series.map(({ timeframe }) => timeframe).join(", ")}).
            Corporate actions stay. This cannot be undone: to have them again, import their file again.
          </p>
          <p class="notice">
            Sessions that have used these bars refuse to go on until they are imported again or you accept the change.
          </p>
          <div class="labelled">
            <label for="remove-word">
              Type <code>{symbol}</code> to remove it
            </label>
            <input
              id="remove-word"
              class="field"
              autocomplete="off"
              spellcheck={false}
              value={typed.value}
              onInput={(event) => {
                typed.value = event.currentTarget.value;
              }}
            />
          </div>
        </div>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            Keep
          </button>
          <button class="button danger" disabled={!isSure}>
            Remove
          </button>
        </div>
      </form>
    </Dialog>
  );
}
