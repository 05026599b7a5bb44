/** The door of the report room: metrics and tear sheets from plain facts. */
export type { BenchmarkClose, EquityPoint, FillFact, PriceRange, RenameFact, ReportInput, SplitFact } from "./input.ts";
export { heldStretches } from "./excursions.ts";
export { makeReport } from "./report.ts";
export type { Report } from "./report.ts";
