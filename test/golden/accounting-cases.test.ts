/** Worked examples of books: positions, cash, fees, interest, margin, dated rules, to the cent. */
import { describe, expect, it } from "vitest";
import { accountFigures, type OrderFilled } from "../../src/engine/index.ts";
import { patternDaytradingPower } from "../../src/engine/accounts/figures.ts";
import { sharesToClose } from "../../src/engine/accounts/margin-call.ts";
import { feesAt, type FeeRates } from "../../src/engine/models/fees.ts";
import { maintenanceMarginOf } from "../../src/engine/models/margin.ts";
import { tradingDayOn } from "../../src/calendar/index.ts";
import { formatInstant, formatUnits, price, quantity, type CivilDate } from "../../src/kernel/index.ts";
import { knownFrom } from "../support/array-tape.ts";
import { dollars, flat, openDesk, SYMBOL } from "./accounting-desk.ts";
import { exact, units, wall } from "./golden-values.ts";

const RATES: FeeRates = {
  sec: units("0.0000278"),
  taf: units("0.000166"),
  tafCap: units("8.30"),
  cat: units("0.000046"),
};

const minutes = (prices: readonly number[]) => prices.map((each, index) => flat(`2024-03-05 10:0${index}`, each));

describe("positions and cash", () => {
  it("A01, A02: the average is that of the opening fills, and sales leave it alone", () => {
    const desk = openDesk({ from: "2024-03-05 09:59", to: "2024-03-05 16:00", bars: minutes([10, 13, 12]) });
    desk.order({ qty: "100" });
    desk.to("2024-03-05 10:01");
    desk.order({ qty: "50" });
    desk.to("2024-03-05 10:02");
    expect(desk.position()).toEqual({ qty: "150", avg: "11", cost: "1650" });
    desk.order({ qty: "60", side: "sell" });
    desk.to("2024-03-05 10:03");
    expect(desk.position()).toEqual({ qty: "90", avg: "11", cost: "990" });
    expect(desk.realized()).toBe("60");
  });

  it("A03, A04: a short brings cash, owes shares, and is covered at a profit", () => {
    const desk = openDesk({ from: "2024-03-05 09:59", to: "2024-03-05 16:00", bars: minutes([50, 52, 48]) });
    desk.order({ qty: "100", side: "sell" });
    desk.to("2024-03-05 10:02");
    const { state } = desk.run;
    const account = state.accounts[0];
    if (account === undefined) throw new Error("no account");
    const figures = accountFigures(state, account, knownFrom({ [SYMBOL]: minutes([50, 52, 48]) }, state.clock));
    expect(desk.cash()).toBe("105000");
    expect(formatUnits(figures.shortMarketValue)).toBe("-5200");
    expect(formatUnits(figures.equity)).toBe("99800");
    expect(formatUnits(figures.unrealizedPnl)).toBe("-200");
    desk.order({ qty: "100" });
    desk.to("2024-03-05 10:03");
    expect([desk.realized(), desk.cash(), desk.position()]).toEqual(["200", "100200", undefined]);
  });

  it("A05: an order that would cross zero is refused whole", () => {
    const desk = openDesk({
      from: "2024-03-05 09:59",
      to: "2024-03-05 16:00",
      bars: minutes([22, 22]),
      holding: { qty: "100", avg: "20" },
    });
    expect(desk.order({ qty: "150", side: "sell" })).toMatchObject({ reason: "order_refused" });
    expect(desk.position()).toEqual({ qty: "100", avg: "20", cost: "2000" });
  });

  it("A06: with flip = split it closes and opens at the same price, in two fills", () => {
    const desk = openDesk({
      from: "2024-03-05 09:59",
      to: "2024-03-05 16:00",
      bars: minutes([22, 22]),
      holding: { qty: "100", avg: "20" },
      config: { flip: "split" },
    });
    desk.order({ qty: "150", side: "sell" });
    desk.to("2024-03-05 10:01");
    expect(desk.position()).toEqual({ qty: "-50", avg: "22", cost: "-1100" });
    expect(desk.realized()).toBe("200");
    const fills = desk.run.events.filter((event) => event.kind === "order_filled");
    expect(fills.map((fill) => [formatUnits(fill.qty), formatUnits(fill.price), fill.order])).toEqual([
      ["100", "22", 1],
      ["50", "22", 1],
    ]);
  });
});

describe("fees", () => {
  const slice = (side: "buy" | "sell", qty: string, each: string) =>
    feesAt(RATES, { side, qty: quantity(units(qty)), cash: dollars(String(Number(qty) * Number(each))) });

  it("A17: what a sale accrues, exact", () => {
    const { secFee, tafFee, catFee } = slice("sell", "1000", "50");
    expect([exact(secFee), exact(tafFee), exact(catFee)]).toEqual(["1.39", "0.166", "0.046"]);
  });

  it("A18: six small trades accrue together", () => {
    const fees = [slice("sell", "10", "20"), slice("buy", "10", "20")].flatMap((fee) => [fee, fee, fee]);
    const sum = (pick: (fee: Pick<OrderFilled, "secFee" | "tafFee" | "catFee">) => bigint | undefined): string =>
      exact(fees.reduce((total, fee) => total + (pick(fee) ?? 0n), 0n));
    expect([sum((fee) => fee.secFee), sum((fee) => fee.tafFee), sum((fee) => fee.catFee)]).toEqual([
      "0.01668",
      "0.00498",
      "0.00276",
    ]);
  });

  it("A18: and are posted once a type, rounded up to the cent, at the end of the session", () => {
    const desk = openDesk({
      from: "2024-06-03 09:59",
      to: "2024-06-04 16:00",
      bars: [0, 1, 2, 3, 4, 5].map((minute) => flat(`2024-06-03 10:0${minute}`, 20)),
      config: { fees: "us_equity" },
      cash: 100_000n,
    });
    for (const minute of [0, 1, 2, 3, 4, 5]) {
      desk.order({ qty: "10", side: minute % 2 === 0 ? "buy" : "sell" });
      desk.to(`2024-06-03 10:0${minute + 1}`);
    }
    desk.to("2024-06-03 19:59");
    expect(desk.cash()).toBe("100000");
    desk.to("2024-06-03 20:00");
    // In June 2024: SEC 27.80 per million, TAF 0.000166; no CAT fee yet.
    expect(desk.cash()).toBe("99999.97");
    const entries = desk.run.events.flatMap((event) =>
      event.kind === "account_entry" ? [[event.subType, formatUnits(event.netAmount)]] : [],
    );
    expect(entries).toEqual([
      ["REG", "-0.02"],
      ["TAF", "-0.01"],
    ]);
  });

  it("A19: the activity fee has a cap a trade", () => {
    expect(exact(slice("sell", "60000", "1").tafFee)).toBe("8.3");
  });
});

describe("interest and borrow cost", () => {
  const accruedOn = (desk: ReturnType<typeof openDesk>): readonly string[] =>
    desk.run.events.flatMap((event) => (event.kind === "cost_accrued" ? [exact(event.accrued)] : []));

  it("A20: a debit of 5,000 at 6.25 % costs 0.868… a day, three days on a Friday", () => {
    const desk = openDesk({
      from: "2024-03-07 09:59",
      to: "2024-03-11 16:00",
      bars: [flat("2024-03-07 10:00", 100), flat("2024-03-08 10:00", 100)],
      cash: 10_000n,
      config: { interest: { model: "flat", args: [0.0625] } },
    });
    desk.order({ qty: "150" });
    desk.to("2024-03-08 20:00");
    expect(desk.cash()).toBe("-5000");
    expect(accruedOn(desk)).toEqual(["0.868055555555555556", "2.604166666666666667"]);
  });

  it("A21: 150 shares are borrowed as 200", () => {
    const desk = openDesk({
      from: "2024-03-07 09:59",
      to: "2024-03-11 16:00",
      bars: [flat("2024-03-07 10:00", 40), flat("2024-03-08 10:00", 40)],
      config: { borrow: { model: "flat", args: [0.005] } },
    });
    desk.order({ qty: "150", side: "sell" });
    desk.to("2024-03-08 20:00");
    expect(accruedOn(desk)).toEqual(["0.111111111111111111", "0.333333333333333333"]);
  });
});

describe("margin", () => {
  const at = wall("2024-03-05 16:00");
  const maintenance = (qty: string, each: string): string =>
    formatUnits(maintenanceMarginOf({ qty: quantity(units(qty)), price: price(units(each)), traits: undefined, at }));

  it.each([
    ["A22", "1000", "20", "6000"],
    ["A22", "-500", "4", "2000"],
    ["A23", "-300", "12", "1500"],
    ["long below 2.50", "100", "2", "200"],
  ])("%s: %s shares at %s need %s", (_name, qty, each, needed) => {
    expect(maintenance(qty, each)).toBe(needed);
  });

  it("A24: the fewest whole shares that cure a call", () => {
    const desk = openDesk({
      from: "2024-03-05 09:59",
      to: "2024-03-05 20:00",
      bars: minutes([15]),
      cash: 0n,
      holding: { qty: "2000", avg: "15" },
    });
    desk.to("2024-03-05 10:02");
    const account = desk.run.state.accounts[0];
    if (account === undefined) throw new Error("no account");
    const known = knownFrom({ [SYMBOL]: minutes([15]) }, desk.run.state.clock);
    const closings = sharesToClose({ account, known, at }, units("2000"));
    expect(closings.map(({ qty }) => formatUnits(qty))).toEqual(["445"]);
  });

  it("A24: a call at the close sells at the next open", () => {
    const desk = openDesk({
      from: "2024-03-05 09:59",
      to: "2024-03-07 16:00",
      bars: [
        flat("2024-03-05 10:00", 20),
        flat("2024-03-05 15:59", 15),
        flat("2024-03-06 09:30", 15),
        flat("2024-03-06 09:31", 15),
      ],
      cash: 20_000n,
    });
    desk.order({ qty: "1800" });
    desk.to("2024-03-05 16:00");
    // 1,800 at 15 is 27,000; cash −16,000; equity 11,000 covers 8,100: no call.
    expect(desk.run.events.some((event) => event.kind === "margin_called")).toBe(false);
    const deep = openDesk({
      from: "2024-03-05 09:59",
      to: "2024-03-07 16:00",
      bars: [flat("2024-03-05 10:00", 20), flat("2024-03-05 15:59", 13.5), flat("2024-03-06 09:30", 13.5)],
      cash: 20_000n,
    });
    deep.order({ qty: "2000" });
    deep.to("2024-03-06 09:31");
    // 2,000 at 13.50 is 27,000; cash −20,000; equity 7,000 is short of 8,100 by 1,100: 272 shares.
    expect(deep.run.events.filter((event) => event.kind === "margin_called").length).toBe(1);
    expect(deep.position()?.qty).toBe("1728");
    expect(deep.run.state.orders.get(1)).toMatchObject({ source: "margin_call", status: "filled" });
  });

  it("A25: a short reserves the larger of its limit and 1.03 × the last price", () => {
    const desk = openDesk({ from: "2024-03-05 10:01", to: "2024-03-05 16:00", bars: minutes([49.8]) });
    desk.order({ qty: "100", side: "sell", limit: "50" });
    expect(formatUnits(desk.run.state.orders.get(0)?.reserved ?? 0n)).toBe("5129.4");
  });

  it("A26: buying power is twice the excess, held by open orders, used by fills", () => {
    const bars = [flat("2024-03-05 10:00", 142), flat("2024-03-05 10:02", 142)];
    const desk = openDesk({
      from: "2024-03-05 10:01",
      to: "2024-03-05 16:00",
      bars,
      cash: 10_000n,
      config: { limitRule: "touch" },
    });
    const power = () => {
      const { state } = desk.run;
      const account = state.accounts[0];
      if (account === undefined) throw new Error("no account");
      return accountFigures(state, account, knownFrom({ [SYMBOL]: bars }, state.clock));
    };
    expect(formatUnits(power().buyingPower)).toBe("20000");
    expect(desk.order({ qty: "150", limit: "140" })).toMatchObject({
      details: { buying_power: "20000", cost_basis: "21000" },
    });
    desk.order({ qty: "140", limit: "142" });
    expect(formatUnits(power().buyingPower)).toBe("120");
    desk.to("2024-03-05 10:03");
    const { cash, equity, initialMargin, buyingPower } = power();
    expect([cash, equity, initialMargin, buyingPower].map(formatUnits)).toEqual(["-9880", "10000", "9940", "120"]);
  });

  it("A27: four times the maintenance excess of the last close", () => {
    expect(formatUnits(patternDaytradingPower({ equity: units("30000"), maintenanceMargin: units("6000") }))).toBe(
      "96000",
    );
  });
});

describe("the calendar", () => {
  it.each([
    ["2024-03-08", "2024-03-08T14:30:00Z"],
    ["2024-03-11", "2024-03-11T13:30:00Z"],
    ["2024-11-01", "2024-11-01T13:30:00Z"],
    ["2024-11-04", "2024-11-04T14:30:00Z"],
  ])("A29: %s opens at %s", (date, open) => {
    expect(formatInstant(tradingDayOn(date as CivilDate)?.open ?? wall("1990-01-02"))).toBe(open);
  });

  it("A30: a half day moves the close, the late session and the last minute for CLS orders", () => {
    const day = tradingDayOn("2024-11-29" as CivilDate);
    expect(day && [formatInstant(day.open), formatInstant(day.close), formatInstant(day.sessionClose)]).toEqual([
      "2024-11-29T14:30:00Z",
      "2024-11-29T18:00:00Z",
      "2024-11-29T22:00:00Z",
    ]);
    const desk = openDesk({ from: "2024-11-29 12:49", to: "2024-11-29 18:00", bars: [flat("2024-11-29 10:00", 50)] });
    expect(desk.order({ qty: "1", tif: "cls" })).not.toHaveProperty("reason");
    desk.to("2024-11-29 12:50");
    expect(desk.order({ qty: "1", tif: "cls" })).toMatchObject({
      message: "cls orders must be submitted after 7:00pm and before 12:50pm",
    });
  });

  it("A31: a gtc order of 2024-01-02 ages out at the close of 2024-04-01", () => {
    const desk = openDesk({
      from: "2024-01-02 10:00",
      to: "2024-04-02 16:00",
      bars: [flat("2024-01-02 09:59", 50)],
      config: { tradingHours: "regular" },
    });
    desk.order({ qty: "1", limit: "40", tif: "gtc" });
    desk.to("2024-04-01 16:00");
    expect(desk.run.state.orders.get(0)).toMatchObject({ status: "expired", expiredAt: wall("2024-04-01 16:00") });
  });
});
