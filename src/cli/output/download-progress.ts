/** How a download goes, on standard error: a bar with rate and time left where a person watches, else line by line. */
import type { DownloadNews } from "../../market/index.ts";
import { duration, openWordedBar, SECOND_MS, STANDARD_ERROR, type Watcher } from "./progress.ts";
import { counted, formatCount } from "./table.ts";

export interface DownloadProgress {
  readonly tell: (news: DownloadNews) => void;
  readonly close: () => void;
}

const SILENT: DownloadProgress = { tell: () => {}, close: () => {} };

/** Shorter waits are the pace of the requests, and no news. */
const WAIT_TOLD_MS = 5000;

export function openDownloadProgress(isQuiet: boolean, watcher: Watcher = STANDARD_ERROR): DownloadProgress {
  if (isQuiet) return SILENT;
  return watcher.isTerminal ? openBar(watcher) : openLog(watcher);
}

function openBar({ now }: Watcher): DownloadProgress {
  const bar = openWordedBar();
  const startedAt = now();
  let latest = { done: 0, total: 1, words: "" };
  const show = (): void => bar.show(latest.done, latest.total, latest.words);
  return {
    tell: (news) => {
      if (news.kind === "note") return;
      if (news.kind === "wait") {
        const words = [latest.words, waitWords(news)].filter((part) => part !== "").join("; ");
        if (news.waitMs >= WAIT_TOLD_MS) bar.show(latest.done, latest.total, words);
        return;
      }
      const { daysDone, daysTotal, barsReceived } = news.counts;
      const rate = barsReceived / Math.max(1, (now() - startedAt) / SECOND_MS);
      const where = news.kind === "moved" ? news.date : news.to;
      const words = `${news.symbol} ${where}, ${counted(barsReceived, "bar")}, ${formatCount(Math.round(rate))} a second`;
      latest = { done: daysDone, total: daysTotal, words };
      show();
    },
    close: bar.close,
  };
}

/** One line for each stretch that is complete, with what a log should tell later. */
function openLog({ write, now }: Watcher): DownloadProgress {
  const startedAt = now();
  return {
    tell: (news) => {
      if (news.kind === "note") write(`${news.text}\n`);
      if (news.kind === "wait" && news.waitMs >= WAIT_TOLD_MS) write(`${waitWords(news)}\n`);
      if (news.kind !== "stretch") return;
      const { daysDone, daysTotal } = news.counts;
      const passed = now() - startedAt;
      const left = daysDone === 0 ? 0 : (passed / daysDone) * (daysTotal - daysDone);
      const came = `${counted(news.bars, "bar")}, ${formatCount(news.added)} new`;
      const share = `${Math.floor((100 * daysDone) / Math.max(1, daysTotal))}%`;
      const end = passed < SECOND_MS || left === 0 ? "" : `, ${duration(left)} left`;
      write(`${news.symbol} ${news.from} to ${news.to}: ${came} (${share}${end})\n`);
    },
    close: () => {},
  };
}

const waitWords = ({ waitMs, why }: { readonly waitMs: number; readonly why: string }): string =>
  `waiting ${duration(waitMs)}: ${why}`;
