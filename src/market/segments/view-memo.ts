/** Views that were made a moment ago: sessions of one bot ask for the same symbols and months again and again. */
import type { Instant } from "../../kernel/index.ts";
import { monthAt } from "../months.ts";
import type { LoadedMarket } from "./loaded-market.ts";

export interface ViewRequest {
  readonly symbols: readonly string[];
  readonly from: Instant;
  readonly until: Instant;
}

interface Remembered {
  readonly from: Instant;
  /** Weak: a view that no session holds any more must not keep its months in memory. */
  readonly view: WeakRef<LoadedMarket>;
}

/** Views remembered at once; beyond it all are forgotten. */
const VIEWS_MAX = 256;

export class ViewMemo {
  readonly #views = new Map<string, Remembered>();

  /** A view of the same symbols and months, made for no later a beginning, of the same generation of the catalog. */
  find(request: ViewRequest, generation: number): LoadedMarket | undefined {
    const found = this.#views.get(keyOf(request));
    if (found === undefined || found.from > request.from) return undefined;
    const view = found.view.deref();
    return view?.generation === generation ? view : undefined;
  }

  remember(request: ViewRequest, view: LoadedMarket): void {
    if (this.#views.size >= VIEWS_MAX) this.#views.clear();
    this.#views.set(keyOf(request), { from: request.from, view: new WeakRef(view) });
  }
}

const keyOf = ({ symbols, from, until }: ViewRequest): string =>
  `${monthAt(from)} ${monthAt(until)} ${symbols.join(" ")}`;
