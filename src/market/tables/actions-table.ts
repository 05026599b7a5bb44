/** The table of corporate actions: what each type takes, and the order in which a day's actions happen. */
import {
  formatUnits,
  ORDER_PRICE_MAX,
  ORDER_QTY_MAX,
  parseDate,
  parseUnits,
  price,
  SCALE,
  type CivilDate,
  type CorporateAction,
} from "../../kernel/index.ts";
import type { RowProblem } from "../import/refused-rows.ts";
import { isSymbol } from "../symbol.ts";
import { badSymbol, compareText, type Cells, type TableKind } from "./table-kind.ts";

type ActionType = CorporateAction["type"];

const VALUE_COLUMNS = ["old_rate", "new_rate", "cash_per_share", "new_symbol"] as const;

/** The values that a type takes; in the order of one day, so what ends a symbol comes last. */
const VALUES_OF: Readonly<Record<ActionType, readonly (typeof VALUE_COLUMNS)[number][]>> = {
  split: ["old_rate", "new_rate"],
  cash_dividend: ["cash_per_share"],
  symbol_change: ["new_symbol"],
  delisting: ["cash_per_share"],
  merger: ["cash_per_share"],
};

const TYPES = Object.keys(VALUES_OF);

export const ACTIONS_TABLE: TableKind<CorporateAction> = {
  name: "corporate-actions",
  required: ["symbol", "ex_date", "type", "old_rate", "new_rate", "cash_per_share"],
  optional: ["record_date", "pay_date", "new_symbol"],
  read: readAction,
  keyOf: ({ symbol, exDate, type }) => `${symbol} ${exDate} ${type}`,
  write: writeAction,
  merge: (_, incoming) => incoming,
  compare: (a, b) =>
    compareText(a.symbol, b.symbol) || compareText(a.exDate, b.exDate) || TYPES.indexOf(a.type) - TYPES.indexOf(b.type),
};

/** Each symbol's actions in the order in which they happen. */
export function actionsBySymbol(rows: Iterable<CorporateAction>): ReadonlyMap<string, readonly CorporateAction[]> {
  const bySymbol = new Map<string, CorporateAction[]>();
  for (const action of [...rows].toSorted(ACTIONS_TABLE.compare)) {
    const actions = bySymbol.get(action.symbol);
    if (actions === undefined) bySymbol.set(action.symbol, [action]);
    else actions.push(action);
  }
  return bySymbol;
}

interface RowFacts {
  readonly symbol: string;
  readonly exDate: CivilDate;
  readonly recordDate: CivilDate | undefined;
  readonly payDate: CivilDate | undefined;
}

function readAction(cells: Cells): CorporateAction | RowProblem {
  const symbol = cells("symbol");
  if (!isSymbol(symbol)) return badSymbol("symbol", symbol);
  const exDate = parseDate(cells("ex_date"));
  if (exDate === undefined) return badDate("ex_date", cells("ex_date"));
  const type = cells("type");
  if (!isActionType(type)) {
    return { reason: "bad_type", message: `type: got ${JSON.stringify(type)}, wanted ${TYPES.join(", ")}` };
  }
  // Sources state these dates of splits too, where they change nothing; but dates they must be.
  const [recordDate, payDate] = [parseDate(cells("record_date")), parseDate(cells("pay_date"))];
  if (recordDate === undefined && cells("record_date") !== "") return badDate("record_date", cells("record_date"));
  if (payDate === undefined && cells("pay_date") !== "") return badDate("pay_date", cells("pay_date"));
  const surplus = VALUE_COLUMNS.find((column) => cells(column) !== "" && !VALUES_OF[type].includes(column));
  if (surplus !== undefined) {
    const message = `${surplus}: got ${JSON.stringify(cells(surplus))}, but a ${type} has none; wanted it empty`;
    return { reason: "value_of_other_type", message };
  }
  return READERS[type]({ symbol, exDate, recordDate, payDate }, cells);
}

const isActionType = (text: string): text is ActionType => Object.hasOwn(VALUES_OF, text);

const badDate = (column: string, text: string): RowProblem => ({
  reason: "bad_date",
  message: `${column}: got ${JSON.stringify(text)}, wanted a date such as 2023-01-03`,
});

const READERS: Readonly<Record<ActionType, (facts: RowFacts, cells: Cells) => CorporateAction | RowProblem>> = {
  split: readSplit,
  cash_dividend: readDividend,
  symbol_change: readSymbolChange,
  delisting: (facts, cells) => readEnd("delisting", facts, cells),
  merger: (facts, cells) => readEnd("merger", facts, cells),
};

function readSplit({ symbol, exDate }: RowFacts, cells: Cells): CorporateAction | RowProblem {
  const oldRate = readAmount(cells, "old_rate", ORDER_QTY_MAX);
  if (typeof oldRate !== "bigint") return oldRate;
  const newRate = readAmount(cells, "new_rate", ORDER_QTY_MAX);
  return typeof newRate === "bigint" ? { symbol, exDate, type: "split", oldRate, newRate } : newRate;
}

function readDividend(facts: RowFacts, cells: Cells): CorporateAction | RowProblem {
  const each = readAmount(cells, "cash_per_share", ORDER_PRICE_MAX);
  return typeof each === "bigint" ? { ...facts, type: "cash_dividend", cashPerShare: price(each) } : each;
}

function readSymbolChange({ symbol, exDate }: RowFacts, cells: Cells): CorporateAction | RowProblem {
  const newSymbol = cells("new_symbol");
  if (isSymbol(newSymbol) && newSymbol !== symbol) return { symbol, exDate, type: "symbol_change", newSymbol };
  return newSymbol === symbol
    ? { reason: "bad_symbol", message: `new_symbol: got ${symbol}, wanted another symbol than before` }
    : badSymbol("new_symbol", newSymbol);
}

function readEnd(
  type: "delisting" | "merger",
  { symbol, exDate }: RowFacts,
  cells: Cells,
): CorporateAction | RowProblem {
  if (cells("cash_per_share") === "") return { symbol, exDate, type, cashPerShare: undefined };
  const each = readAmount(cells, "cash_per_share", ORDER_PRICE_MAX);
  return typeof each === "bigint" ? { symbol, exDate, type, cashPerShare: price(each) } : each;
}

/** Units of 10⁻⁹; `max` is in whole ones. */
function readAmount(cells: Cells, column: string, max: bigint): bigint | RowProblem {
  const units = parseUnits(cells(column));
  const got = `${column}: got ${JSON.stringify(cells(column))}`;
  if (typeof units !== "bigint") {
    return { reason: "bad_number", message: `${got}, wanted a plain decimal number of at most nine decimals` };
  }
  if (units > 0n && units <= max * SCALE) return units;
  return { reason: "bad_amount", message: `${got}, wanted more than 0 and at most ${max}` };
}

function writeAction(action: CorporateAction): readonly string[] {
  const { symbol, exDate, type } = action;
  const rates = type === "split" ? [formatUnits(action.oldRate), formatUnits(action.newRate)] : ["", ""];
  const each = "cashPerShare" in action && action.cashPerShare !== undefined ? formatUnits(action.cashPerShare) : "";
  const dates = type === "cash_dividend" ? [action.recordDate ?? "", action.payDate ?? ""] : ["", ""];
  return [symbol, exDate, type, ...rates, each, ...dates, type === "symbol_change" ? action.newSymbol : ""];
}
