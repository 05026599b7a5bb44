/** `tapedeck data verify`: files against their hashes, bars against what bars can be; findings with their rows. */
import { formatInstant, isRefusal } from "../../kernel/index.ts";
import type { Market, SeriesKey, SeriesVerdict } from "../../market/index.ts";
import { optionText, type Call } from "../call.ts";
import { CommandError, refusedSelection } from "../exit-codes.ts";
import { openProgress } from "../output/progress.ts";
import { counted } from "../output/table.ts";
import { verdictsText } from "../output/verdict-text.ts";
import { loadMarket } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

export async function run(call: Call): Promise<void> {
  const { dataDir, sample } = await settingsOf(call);
  const { openMarket, selectSeries } = await loadMarket();
  const market = await openMarket({ dataDir, sample });
  const symbols = call.args.map((symbol) => symbol.toUpperCase());
  const series = selectSeries(market, { symbols, timeframe: optionText(call, "timeframe") });
  if (isRefusal(series)) throw refusedSelection(series);
  const verdicts = await verifyEach(market, series, call.options["json"] === true);
  const totals = {
    rows: totalOf(verdicts, ({ rows }) => rows),
    errors: totalOf(verdicts, ({ errors }) => errors),
    warnings: totalOf(verdicts, ({ warnings }) => warnings),
  };
  call.answer({ dataDir, ...totals, series: verdicts.map(documentOf) }, verdictsText(verdicts, totals));
  refuseIfWrong(totals, call.options["strict"] === true);
}

const totalOf = (verdicts: readonly SeriesVerdict[], figure: (verdict: SeriesVerdict) => number): number =>
  verdicts.reduce((sum, verdict) => sum + figure(verdict), 0);

/** One after the other; a series that was removed meanwhile is left out. */
async function verifyEach(market: Market, series: readonly SeriesKey[], isQuiet: boolean): Promise<SeriesVerdict[]> {
  const { verifySeries } = await loadMarket();
  const progress = openProgress({ name: "", unit: "series", isQuiet });
  const verdicts: SeriesVerdict[] = [];
  try {
    for (const [index, key] of series.entries()) {
      progress.show(index, series.length);
      const verdict = await verifySeries(market, key);
      if (verdict !== undefined) verdicts.push(verdict);
    }
  } finally {
    progress.close();
  }
  return verdicts;
}

function documentOf({ counts, findings, ...verdict }: SeriesVerdict): object {
  return {
    ...verdict,
    checks: counts,
    findings: findings.map((finding) => ({ ...finding, at: formatInstant(finding.at), row: finding.row ?? null })),
  };
}

function refuseIfWrong({ errors, warnings }: { errors: number; warnings: number }, isStrict: boolean): void {
  if (errors === 0 && (!isStrict || warnings === 0)) return;
  const found = `${counted(errors, "error")} and ${counted(warnings, "warning")}`;
  throw new CommandError("verification_failed", `${found} were found in the data.`, { exit: "fault" });
}
