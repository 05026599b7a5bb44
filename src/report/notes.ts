/** What a reader must know of a report before believing it, in sentences. */
import { tradingDaysBetween } from "../calendar/index.ts";
import type { ReportInput } from "./input.ts";
import { DAYS_TO_ANNUALISE } from "./metric.ts";
import { deviation } from "./moments.ts";
import type { Sample } from "./sample.ts";
import type { TradeSample } from "./trade-metrics.ts";

/** The notes that apply, most important first. */
export function notesOf(input: ReportInput, sample: Sample, trades: TradeSample): readonly string[] {
  return [
    lengthNote(sample),
    ruinNote(sample),
    deviationNote(sample),
    gapNote(input),
    benchmarkNote(input, sample),
    openNote(trades),
    excursionNote(trades),
    capacityNote(input),
    accrualNote(input),
  ].filter((note) => note !== undefined);
}

type Note = string | undefined;

function lengthNote({ returns }: Sample): Note {
  if (returns.length >= DAYS_TO_ANNUALISE) return undefined;
  return `Annualised figures are withheld: they need ${DAYS_TO_ANNUALISE} daily returns, and there are ${returns.length}.`;
}

function ruinNote({ ruinedOn, returns }: Sample): Note {
  if (ruinedOn === undefined) return undefined;
  return `No equity was left on ${ruinedOn}: ${returns.length} daily returns are counted, and none after that.`;
}

function deviationNote({ returns }: Sample): Note {
  if (returns.length < 2 || deviation(returns) > 0) return undefined;
  return "Every daily return is the same: ratios to their deviation are not defined.";
}

function gapNote({ points }: ReportInput): Note {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const known = new Set(points.map(({ date }) => date));
  const sessions = tradingDaysBetween(first.date, last.date).map(({ date }) => date);
  const missing = sessions.filter((date) => !known.has(date)).length;
  const others = known.size - (sessions.length - missing);
  if (missing === 0 && others === 0) return undefined;
  return `The days are not those of the exchange: sessions without equity: ${missing}, other days with it: ${others}.`;
}

function benchmarkNote({ benchmark }: ReportInput, { pairs, returns }: Sample): Note {
  if (benchmark === undefined || pairs === undefined) return undefined;
  const apart = returns.length - pairs.returns.length;
  if (apart <= 0) return undefined;
  return `The benchmark has no close on some days: ${pairs.returns.length} returns are compared instead of ${returns.length}.`;
}

function openNote({ openCount }: TradeSample): Note {
  return openCount === 0 ? undefined : `Trades still open at the end are not in the figures of trades: ${openCount}.`;
}

function excursionNote({ outcomes, excursions }: TradeSample): Note {
  if (outcomes.length === 0 || excursions !== undefined) return undefined;
  return "Excursions of trades are withheld: they need the prices between entry and exit of every trade.";
}

function capacityNote({ fills }: ReportInput): Note {
  if (fills.every(({ order, marketValue }) => order === 0 || marketValue !== undefined)) return undefined;
  return "Capacity is withheld: it needs what the market traded in the minute of every fill.";
}

function accrualNote({ isNetOfAccruals = false }: ReportInput): Note {
  return isNetOfAccruals
    ? "Fees and interest are taken off equity as they accrue; dividends are added on their pay date."
    : "Fees and interest are taken off equity when they are posted, not as they accrue; dividends are added on their pay date.";
}
