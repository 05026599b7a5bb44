/** How a run has done, all accounts together: what two runs are compared by. */
import { accountFigures, type EngineEvent, type KnownMarket, type State } from "../../engine/index.ts";
import { divideHalfEven, formatUnits, SCALE } from "../../kernel/index.ts";

/** Money is decimal text, in dollars. */
export interface RunFigures {
  readonly equity: string;
  readonly cash: string;
  /** Equity less all that was put in: opening cash, opening positions at their cost, transfers. */
  readonly profit: string;
  /** Profit as a share of what was put in; undefined where that is nothing. */
  readonly return: number | undefined;
  readonly realizedPnl: string;
  readonly orders: number;
  readonly fills: number;
  readonly filledValue: string;
  /** Regulatory fees, posted and accrued. */
  readonly fees: string;
}

/** What the events of a run add up to, one after the other. */
export class Tally {
  #orders = 0;
  #fills = 0;
  #filledValue = 0n;
  #putIn = 0n;
  /** Posted, so far negative. */
  #fees = 0n;

  add(event: EngineEvent): void {
    switch (event.kind) {
      case "order_accepted":
        this.#orders += 1;
        break;
      case "order_filled":
        this.#fills += 1;
        this.#filledValue += event.cash;
        break;
      case "account_opened":
        this.#putIn += event.initialCash;
        for (const { qty, avgEntryPrice } of event.positions) this.#putIn += divideHalfEven(qty * avgEntryPrice, SCALE);
        break;
      case "account_entry":
        if (event.entry === "FEE") this.#fees += event.netAmount;
        if (event.entry === "CSD" || event.entry === "CSW") this.#putIn += event.netAmount;
        break;
      default:
    }
  }

  /** The figures of the state that the events have led to. */
  figures(state: State, known: KnownMarket): RunFigures {
    let [equity, cash, realized, accrued] = [0n, 0n, 0n, 0n];
    for (const account of state.accounts) {
      const figures = accountFigures(state, account, known);
      equity += figures.equity;
      cash += figures.cash;
      accrued += figures.accruedFees;
      realized += account.realizedPnl;
    }
    const profit = equity - this.#putIn;
    return {
      equity: formatUnits(equity),
      cash: formatUnits(cash),
      profit: formatUnits(profit),
      return: this.#putIn > 0n ? Number(profit) / Number(this.#putIn) : undefined,
      realizedPnl: formatUnits(realized),
      orders: this.#orders,
      fills: this.#fills,
      filledValue: formatUnits(this.#filledValue),
      fees: formatUnits(accrued - this.#fees),
    };
  }
}
