/** Whether a summary row can be shown: it stands outside the hash chain, so it is looked at before it is trusted. */
import { defaultConfig } from "../engine/index.ts";
import type { SummaryDraft } from "./journal-port.ts";

/** Every option of a config, by name. */
const OPTIONS = Object.keys(defaultConfig("conservative"));

export function isSound({ config, initialCash, totalRealizedPnl }: SummaryDraft): boolean {
  return hasEveryOption(config) && Number.isFinite(Number(initialCash)) && Number.isFinite(Number(totalRealizedPnl));
}

function hasEveryOption(config: string): boolean {
  try {
    const value: unknown = JSON.parse(config);
    return typeof value === "object" && value !== null && OPTIONS.every((option) => option in value);
  } catch {
    return false;
  }
}
