/** How far an import is, in words: what is done, how fast, and how long it will take. */
import type { DataImport } from "../api/connect-types.ts";
import { quantity } from "../format/numbers.ts";
import { durationText } from "../format/times.ts";

/** 812 B, 1.4 MB. */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let [size, unit] = [bytes, 0];
  while (size >= 1000 && unit < units.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit] ?? ""}`;
}

/** "12.3 of 80.0 MB read · 24.0 MB/s · 0:00:03 left". */
export function progressText({ state, progress, started_at }: DataImport, now: number): string {
  if (state === "waiting") return "waits for the import before it";
  if (progress === null || started_at === null) return "begins…";
  const { phase, done, total } = progress;
  if (phase === "writing") return `writing: ${quantity(done)} of ${quantity(total)} years of series`;
  const seconds = Math.max(0.001, (now - Date.parse(started_at)) / 1000);
  const rate = done / seconds;
  const left = rate > 0 ? ` · ${sizeText(rate)}/s · ${durationText(((total - done) / rate) * 1000)} left` : "";
  return `${sizeText(done)} of ${sizeText(total)} read${left}`;
}
