/** The file of corporate actions says exactly what was put into it, in one form. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dateFromDays,
  ORDER_PRICE_MAX,
  ORDER_QTY_MAX,
  price,
  SCALE,
  type CorporateAction,
} from "../../kernel/index.ts";
import { ACTIONS_TABLE, actionsBySymbol } from "./actions-table.ts";
import { mergeRows, tableText } from "./table-kind.ts";
import { TableReading } from "./table-reading.ts";

const symbol = fc.constantFrom("AAPL", "BRK.B", "X", "BTC/USD");
const date = fc.integer({ min: 0, max: 40 }).map((days) => dateFromDays(11_000 + days));
const rate = fc.bigInt({ min: 1n, max: ORDER_QTY_MAX * SCALE });
const each = fc.bigInt({ min: 1n, max: ORDER_PRICE_MAX * SCALE }).map(price);
const perhaps = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });
const facts = { symbol, exDate: date };

const action: fc.Arbitrary<CorporateAction> = fc.oneof(
  fc.record({ ...facts, type: fc.constant("split" as const), oldRate: rate, newRate: rate }),
  fc.record({
    ...facts,
    type: fc.constant("cash_dividend" as const),
    recordDate: perhaps(date),
    payDate: perhaps(date),
    cashPerShare: each,
  }),
  fc.record({ ...facts, type: fc.constant("symbol_change" as const), newSymbol: fc.constantFrom("META", "Y.A") }),
  fc.record({ ...facts, type: fc.constantFrom("delisting" as const, "merger" as const), cashPerShare: perhaps(each) }),
);

/** One of each key. */
const actions = fc.uniqueArray(action, { selector: ACTIONS_TABLE.keyOf, maxLength: 60 });

const byKey = (rows: readonly CorporateAction[]): ReadonlyMap<string, CorporateAction> =>
  new Map(rows.map((row) => [ACTIONS_TABLE.keyOf(row), row]));

function readText(text: string): TableReading<CorporateAction> {
  const reading = new TableReading("actions.csv", ACTIONS_TABLE);
  for (const [index, line] of text.trimEnd().split("\n").entries()) reading.take(line, index + 1);
  return reading;
}

describe("the file of corporate actions", () => {
  it("reads back as it was written, with nothing refused", () => {
    fc.assert(
      fc.property(actions, (rows) => {
        const reading = readText(tableText(ACTIONS_TABLE, rows));
        expect(reading.refused.rows()).toEqual([]);
        expect(reading.rows).toEqual(byKey(rows));
      }),
    );
  });

  it("is the same to the byte for the same actions in any order", () => {
    fc.assert(
      fc.property(actions, (rows) => {
        const text = tableText(ACTIONS_TABLE, rows);
        expect(tableText(ACTIONS_TABLE, rows.toReversed())).toBe(text);
        expect(tableText(ACTIONS_TABLE, readText(text).rows.values())).toBe(text);
      }),
    );
  });

  it("is the same whether files come one by one or together, and counts what is new", () => {
    fc.assert(
      fc.property(actions, actions, (old, incoming) => {
        const merged = mergeRows(ACTIONS_TABLE, byKey(old), byKey(incoming));
        expect(merged.rows).toEqual(byKey([...old, ...incoming]));
        expect(merged.added).toBe(merged.rows.size - old.length);
        expect(mergeRows(ACTIONS_TABLE, merged.rows, byKey(incoming))).toMatchObject({ added: 0, replaced: 0 });
      }),
    );
  });

  it("gives each symbol's actions by date, and those that end it last", () => {
    const order = ["split", "cash_dividend", "symbol_change", "delisting", "merger"];
    fc.assert(
      fc.property(actions, (rows) => {
        const bySymbol = actionsBySymbol(rows);
        expect([...bySymbol.values()].flat()).toHaveLength(rows.length);
        for (const [name, list] of bySymbol) {
          const keys = list.map(({ exDate, type }) => `${exDate} ${order.indexOf(type)}`);
          expect(keys).toEqual(keys.toSorted());
          expect(new Set(list.map((one) => one.symbol))).toEqual(new Set([name]));
        }
      }),
    );
  });
});
