/** Corporate actions of a provider, put through the same checks as those of a file. */
import type { CorporateAction } from "../../kernel/index.ts";
import { ACTIONS_TABLE } from "../tables/actions-table.ts";
import type { ActionsRead } from "./provider.ts";

/** The columns of the table of corporate actions that a row fills. */
export interface ActionCells {
  readonly symbol: string;
  readonly ex_date: string;
  readonly type: CorporateAction["type"];
  readonly old_rate?: string;
  readonly new_rate?: string;
  readonly cash_per_share?: string;
  readonly record_date?: string | undefined;
  readonly pay_date?: string | undefined;
  readonly new_symbol?: string;
}

/** Collects rows; what cannot be booked is counted by the provider's word for it. */
export class ActionsCollector {
  readonly #rows = new Map<string, CorporateAction>();
  readonly #leftOut = new Map<string, number>();

  /** Without cells it is nothing that can be booked. That, and what the table refuses, is counted by its word. */
  take(word: string, cells: ActionCells | undefined): void {
    if (cells === undefined) return this.#leaveOut(word);
    const texts = cells as unknown as Readonly<Record<string, string | undefined>>;
    const row = ACTIONS_TABLE.read((column) => texts[column] ?? "");
    if ("reason" in row) return this.#leaveOut(`${word} (${row.reason})`);
    const key = ACTIONS_TABLE.keyOf(row);
    this.#rows.set(key, together(this.#rows.get(key), row));
  }

  #leaveOut(word: string): void {
    this.#leftOut.set(word, (this.#leftOut.get(word) ?? 0) + 1);
  }

  result(): ActionsRead {
    return { rows: [...this.#rows.values()], leftOut: this.#leftOut };
  }
}

/** A regular and a special dividend of one day are one row of the table: their sum, paid on the first's day. */
function together(before: CorporateAction | undefined, row: CorporateAction): CorporateAction {
  if (before?.type !== "cash_dividend" || row.type !== "cash_dividend") return row;
  return { ...before, cashPerShare: (before.cashPerShare + row.cashPerShare) as typeof row.cashPerShare };
}

/** A number as decimal text without an exponent, to nine digits. */
export const decimalText = (value: number): string =>
  value
    .toFixed(9)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
