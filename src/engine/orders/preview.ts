/** The question asked before: what an order would cost and do, and what would refuse it. Nothing happens. */
import { cash, isRefusal, larger, NO_CASH, NO_SHARES, quantity, sharesFor, valueOf } from "../../kernel/index.ts";
import type { Cash, Instant, Price, Quantity, Refusal } from "../../kernel/index.ts";
import { accountFigures, CENT, feeCents } from "../accounts/figures.ts";
import { isOpening } from "../accounts/funds.ts";
import type { OrderTerms } from "../event.ts";
import { feesOf } from "../models/fees.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, State } from "../state.ts";
import { expectedPrice } from "./acceptance.ts";
import { examine, submission } from "./submit.ts";
import { spanOf } from "./venue.ts";

export interface PreviewRequest {
  readonly state: State;
  readonly account: Account;
  readonly known: KnownMarket;
  readonly terms: OrderTerms;
}

export interface OrderPreview {
  /** Why the order would be refused; undefined: it would be accepted. */
  readonly refusal: Refusal | undefined;
  readonly isOpening: boolean;
  /** What a share is expected to cost or bring; undefined while no price is known. */
  readonly estimatedPrice: Price | undefined;
  /** Quantity × estimated price; positive. */
  readonly cost: Cash | undefined;
  /** Regulatory fees, each type rounded up to the cent. */
  readonly fees: Cash;
  readonly buyingPowerBefore: Cash;
  readonly buyingPowerAfter: Cash;
  /** Shares, negative for a short. */
  readonly positionBefore: Quantity;
  readonly positionAfter: Quantity;
  readonly opensAt: Instant;
  readonly expiresAt: Instant | undefined;
}

export function previewOrder(request: PreviewRequest): OrderPreview {
  const { state, account, known, terms } = request;
  const decided = examine(submission(request));
  const buyingPowerBefore = accountFigures(state, account, known).buyingPower;
  const reserved = isRefusal(decided) ? NO_CASH : decided.reserved;
  const { qty, ...estimate } = estimateOf(request);
  const positionBefore = account.positions.get(terms.symbol)?.qty ?? NO_SHARES;
  const change = isRefusal(decided) ? 0n : signed(terms, qty);
  return {
    refusal: isRefusal(decided) ? decided : undefined,
    isOpening: isOpening(account, terms),
    ...estimate,
    buyingPowerBefore,
    buyingPowerAfter: cash(larger(buyingPowerBefore - reserved, 0n)),
    positionBefore,
    positionAfter: quantity(positionBefore + change),
    ...spanOf(state.config, terms, state.clock),
  };
}

const signed = ({ side }: OrderTerms, qty: Quantity): bigint => (side === "buy" ? qty : -qty);

/** Shares, price, cost and fees as they would be at the asked or the expected price. */
function estimateOf(request: PreviewRequest) {
  const { terms } = request;
  const estimatedPrice = priceOf(request);
  if (estimatedPrice === undefined) {
    return { qty: terms.qty ?? NO_SHARES, estimatedPrice, cost: undefined, fees: NO_CASH };
  }
  const qty = terms.qty ?? sharesFor(terms.notional ?? NO_CASH, estimatedPrice);
  const cost = terms.notional ?? valueOf(qty, estimatedPrice);
  return { qty, estimatedPrice, cost, fees: feesFor(request, qty, cost) };
}

function priceOf({ state, known, terms }: PreviewRequest): Price | undefined {
  const asked = terms.limitPrice ?? terms.stopPrice;
  const last = known.lastPrice(terms.symbol);
  return asked ?? (last === undefined ? undefined : expectedPrice(state.config, terms, last));
}

function feesFor({ state, terms }: PreviewRequest, qty: Quantity, value: Cash): Cash {
  const {
    secFee = 0n,
    tafFee = 0n,
    catFee = 0n,
  } = feesOf(state.config, state.clock, { side: terms.side, qty, cash: value });
  return cash((feeCents(secFee) + feeCents(tafFee) + feeCents(catFee)) * CENT);
}
