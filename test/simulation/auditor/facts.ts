/** Facts from outside, by date: what regulators and the broker charge. Written down apart from the engine's own table. */
import { newYorkDate } from "../../../src/calendar/index.ts";
import type { Side } from "../../../src/engine/index.ts";
import type { Instant } from "../../../src/kernel/index.ts";

interface Dated {
  readonly from: string;
  /** Units of 10⁻⁹ dollars for each dollar (SEC) or each share. */
  readonly rate: bigint;
  /** Most for one trade, in units of 10⁻¹⁸ dollars. */
  readonly most?: bigint;
}

const CENTS = 10n ** 16n;

/** Section 31 fee on the value of sales: the SEC's fee rate advisories. */
const SEC: readonly Dated[] = [
  { from: "2019-04-16", rate: 20_700n },
  { from: "2020-02-18", rate: 22_100n },
  { from: "2021-02-25", rate: 5100n },
  { from: "2022-05-14", rate: 22_900n },
  { from: "2023-02-27", rate: 8000n },
  { from: "2024-05-22", rate: 27_800n },
  { from: "2025-05-14", rate: 0n },
  { from: "2026-04-04", rate: 20_600n },
];

/** Trading activity fee on shares sold, with a cap for each trade: FINRA By-Laws, Schedule A, section 1. */
const TAF: readonly Dated[] = [
  { from: "2012-07-01", rate: 119_000n, most: 595n * CENTS },
  { from: "2022-01-01", rate: 130_000n, most: 649n * CENTS },
  { from: "2023-01-01", rate: 145_000n, most: 727n * CENTS },
  { from: "2024-01-01", rate: 166_000n, most: 830n * CENTS },
  { from: "2026-01-01", rate: 195_000n, most: 979n * CENTS },
];

/** Consolidated audit trail fees on shares both ways: CAT Fee 2024-1, then with Historical Assessment 1 beside it, then those of 2025. */
const CAT: readonly Dated[] = [
  { from: "2024-09-01", rate: 35_000n },
  { from: "2024-10-01", rate: 48_000n },
  { from: "2025-01-01", rate: 35_000n },
  { from: "2025-07-01", rate: 22_000n },
];

function inForce(table: readonly Dated[], at: Instant): Dated {
  const date: string = newYorkDate(at);
  return table.findLast((each) => each.from <= date) ?? { from: "", rate: 0n };
}

/** What one fill accrues, exact, in units of 10⁻¹⁸ dollars (R32). */
export function feesOf(
  at: Instant,
  fill: { readonly side: Side; readonly qty: bigint; readonly amount: bigint },
): { readonly sec: bigint; readonly taf: bigint; readonly cat: bigint } {
  const cat = fill.qty * inForce(CAT, at).rate;
  if (fill.side === "buy") return { sec: 0n, taf: 0n, cat };
  const { rate, most } = inForce(TAF, at);
  const full = fill.qty * rate;
  const taf = most !== undefined && full > most ? most : full;
  return { sec: fill.amount * inForce(SEC, at).rate, taf, cat };
}
