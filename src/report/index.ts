/** The door of the report room: metrics and tear sheets from plain facts. */
export { drawdowns } from "./drawdown.ts";
export type { DatedValue, Drawdown } from "./drawdown.ts";
export type { BenchmarkClose, EquityPoint, FillFact, PriceRange, RenameFact, ReportInput, SplitFact } from "./input.ts";
export { makeReport } from "./report.ts";
export type { Report } from "./report.ts";
export { roundTrips } from "./round-trips.ts";
export type { RoundTrips } from "./round-trips.ts";
export type { OpenTrip, RoundTrip } from "./trip.ts";
