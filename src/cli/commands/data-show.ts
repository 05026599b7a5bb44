/** `tapedeck data show`: everything about one symbol. */
import { formatInstant, isRefusal } from "../../kernel/index.ts";
import type { Asset, SeriesDetail, SymbolDetail } from "../../market/index.ts";
import { argument, type Call } from "../call.ts";
import { refusedSelection } from "../exit-codes.ts";
import { actionDocument } from "../output/actions-text.ts";
import { seriesWords } from "../output/series-text.ts";
import { symbolText } from "../output/symbol-text.ts";
import { loadMarket } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

/** Partial and missing days of a series that are listed without --all. */
const DAYS_LISTED = 20;

export async function run(call: Call): Promise<void> {
  const { dataDir, sample } = await settingsOf(call);
  const { describeSymbol, openMarket } = await loadMarket();
  const market = await openMarket({ dataDir, sample });
  const detail = await describeSymbol(market, argument(call, 0).toUpperCase());
  if (isRefusal(detail)) throw refusedSelection(detail);
  const daysMax = call.options["all"] === true ? Infinity : DAYS_LISTED;
  call.answer(documentOf(dataDir, detail, daysMax), symbolText(detail, daysMax));
}

function documentOf(
  dataDir: string,
  { symbol, assetClass, asset, series, actions }: SymbolDetail,
  daysMax: number,
): object {
  return {
    dataDir,
    symbol,
    asset: asset === undefined ? null : { class: assetClass, ...assetDocument(asset) },
    series: series.map((one) => seriesDocument(one, daysMax)),
    actions: actions.map(actionDocument),
  };
}

function assetDocument(asset: Asset): object {
  return {
    id: asset.id,
    name: asset.name,
    exchange: asset.exchange,
    tradable: asset.isTradable,
    fractionable: asset.isFractionable,
    shortable: asset.isShortable,
    easyToBorrow: asset.isEasyToBorrow,
    marginable: asset.isMarginable,
    leverage: asset.leverage,
  };
}

function seriesDocument(series: SeriesDetail, daysMax: number): object {
  const { years, wantingDays, ...summary } = series;
  return {
    ...summary,
    ...seriesWords(series),
    years: years.map(({ from, to, days, ...year }) => ({
      ...year,
      from: formatInstant(from),
      to: formatInstant(to),
      days: days ?? null,
    })),
    wantingDays: wantingDays.slice(0, daysMax),
    wantingDaysTotal: wantingDays.length,
  };
}
