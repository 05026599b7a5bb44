/** One symbol for people: its asset, its series with their years and unwhole days, its corporate actions. */
import { styleText } from "node:util";
import { formatInstant, type CorporateAction } from "../../kernel/index.ts";
import type { Asset, SeriesDetail, SymbolDetail } from "../../market/index.ts";
import { actionWords } from "./actions-text.ts";
import { daysCells, markOf } from "./series-text.ts";
import { counted, formatCount, formatFields, formatTable, indented } from "./table.ts";

/** `daysMax` bounds the partial and missing days of each series. */
export function symbolText({ symbol, assetClass, asset, series, actions }: SymbolDetail, daysMax: number): string {
  const parts = [
    asset === undefined ? [styleText("bold", symbol), "  There are no bars of it."] : assetLines(asset, assetClass),
    ...(series.length === 0 ? [] : [section("Series", seriesTable(series))]),
    ...(series.some(({ years }) => years.length > 0) ? [section("Files", filesTable(series))] : []),
    ...series.map((one) => damageLines(one)),
    ...series.map((one) => daysLines(one, daysMax)),
    ...(actions.length === 0 ? [] : [section("Corporate actions", actionsTable(actions))]),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

const section = (title: string, text: string): readonly string[] => [title, indented(text)];

function assetLines(asset: Asset, assetClass: string): readonly string[] {
  const claim = (is: boolean): string => (is ? "yes" : "no");
  return [
    styleText("bold", asset.symbol),
    formatFields([
      ["id", asset.id],
      ["name", asset.name],
      ["exchange", asset.exchange === "" ? "–" : asset.exchange],
      ["class", assetClass],
      ["tradable", claim(asset.isTradable)],
      ["fractionable", claim(asset.isFractionable)],
      ["shortable", claim(asset.isShortable)],
      ["easy_to_borrow", claim(asset.isEasyToBorrow)],
      ["marginable", claim(asset.isMarginable)],
      ["leverage", String(asset.leverage)],
    ]),
  ];
}

const right = (head: string): { head: string; align: "right" } => ({ head, align: "right" });

function seriesTable(series: readonly SeriesDetail[]): string {
  const rows = series.map((one) => [
    one.timeframe,
    formatInstant(one.from),
    formatInstant(one.to),
    formatCount(one.rows),
    ...daysCells(one.days),
    markOf(one),
    one.source,
  ]);
  const figures = ["ROWS", "DAYS", "PARTIAL", "MISSING"].map(right);
  return formatTable(
    [{ head: "BARS" }, { head: "FROM" }, { head: "TO" }, ...figures, { head: "MARK" }, { head: "SOURCE" }],
    rows,
  );
}

function filesTable(series: readonly SeriesDetail[]): string {
  const rows = series.flatMap(({ timeframe, years }) =>
    years.map(({ year, rows: count, hash }) => [timeframe, String(year), formatCount(count), hash]),
  );
  return formatTable([{ head: "BARS" }, { head: "YEAR" }, right("ROWS"), { head: "HASH" }], rows);
}

const damageLines = ({ timeframe, damages }: SeriesDetail): readonly string[] =>
  damages.length === 0 ? [] : section(`Damaged files of ${timeframe}`, damages.join("\n"));

function daysLines({ timeframe, wantingDays }: SeriesDetail, daysMax: number): readonly string[] {
  if (wantingDays.length === 0) return [];
  const rows = wantingDays.slice(0, daysMax).map(({ date, kind, bars }) => [date, kind, formatCount(bars)]);
  const table = formatTable([{ head: "DATE" }, { head: "DAY" }, right("BARS")], rows);
  const more = wantingDays.length - rows.length;
  const rest = more > 0 ? [`  … and ${counted(more, "more day")}; --all lists them`] : [];
  return [...section(`Partial and missing days of ${timeframe}: ${formatCount(wantingDays.length)}`, table), ...rest];
}

function actionsTable(actions: readonly CorporateAction[]): string {
  const rows = actions.map((action) => {
    const [recordDate, payDate] =
      action.type === "cash_dividend" ? [action.recordDate ?? "", action.payDate ?? ""] : ["", ""];
    return [action.exDate, action.type, actionWords(action), recordDate, payDate];
  });
  return formatTable(
    ["EX-DATE", "TYPE", "WHAT", "RECORD", "PAY"].map((head) => ({ head })),
    rows,
  );
}
