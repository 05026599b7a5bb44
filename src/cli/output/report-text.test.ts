import { describe, expect, it } from "vitest";
import { reportsText } from "./report-text.ts";

const REPORT = {
  returns: { cumulative_return: 0.12345, cagr_252: -0.05 },
  risk: { volatility_252: 0.2, sharpe_252: 1.239 },
  drawdown: { max_drawdown: -0.1 },
  trades: { total_trades: 1234, win_rate: 0.5, total_fees: 1234.5 },
};

describe("the headlines of reports", () => {
  it("are one row an account, with dashes for what is not defined", () => {
    const text = reportsText([
      { accountNumber: "PA000000001", report: REPORT },
      { accountNumber: "PA000000002", report: { ...REPORT, risk: { volatility_252: null }, trades: {} } },
      { accountNumber: "PA000000003", report: undefined },
    ]);
    expect(text.split("\n").slice(1)).toEqual([
      "PA000000001  12.35 %  -5.00 %     20.00 %    1.24  -10.00 %   1,234  50.00 %  1,234.50",
      "PA000000002  12.35 %  -5.00 %           –       –  -10.00 %       –        –         –",
      "PA000000003        –        –           –       –         –       –        –         –",
    ]);
  });
});
