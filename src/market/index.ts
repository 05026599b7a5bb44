/** The door of the market: what data exists, how it is loaded, and how it gets in. */
export type { Asset } from "./assets/asset-book.ts";
export type { BarsRequest } from "./bars/bars-query.ts";
export type { BarsPage } from "./bars/page.ts";
export type { LabelledBar } from "./bars/resampler.ts";
export type { SeriesSummary } from "./catalog/bar-source.ts";
export { downloadBars } from "./download/download.ts";
export type { DownloadOptions } from "./download/download.ts";
export type { DownloadNews, DownloadReport, SymbolReport } from "./download/download-report.ts";
export { importFile } from "./import/import-file.ts";
export type { ImportedSeries, ImportOptions, ImportReport } from "./import/import-file.ts";
export { importActions, importAssets } from "./import/import-table.ts";
export type { TableImportOptions, TableImportReport } from "./import/import-table.ts";
export { ROW_REASONS } from "./import/refused-rows.ts";
export type { ReasonTotal, RefusedRow } from "./import/refused-rows.ts";
export { openMarket } from "./market.ts";
export type { Market, MarketOptions } from "./market.ts";
export type { LoadedMarket } from "./segments/loaded-market.ts";
