/** Everything that a series of bars is checked for. docs/guide/import.md lists the same. */

/** An error is never right; a warning may be, and a person should look. */
export type Severity = "error" | "warning";

export const CHECKS = {
  damaged_file: { severity: "error", means: "A file is gone, or its content is not what the manifest vouches for." },
  not_a_number: { severity: "error", means: "A price or the volume is not a finite number." },
  not_positive: { severity: "error", means: "A price is zero or negative." },
  negative_volume: { severity: "error", means: "The volume is below zero." },
  high_below_low: { severity: "error", means: "The high is below the low." },
  open_close_outside_range: { severity: "error", means: "Open or close lie outside low and high." },
  unsorted: { severity: "error", means: "A bar stands after a later one." },
  duplicate: { severity: "error", means: "Two bars have one start." },
  off_grid: { severity: "error", means: "A bar does not start where one of its timeframe can." },
  not_a_trading_day: { severity: "error", means: "A day bar's date had no session." },
  closed_hours: {
    severity: "warning",
    means: "A bar lies outside 04:00 to 20:00 New York, or on a day without a session.",
  },
  split_sized_jump: {
    severity: "warning",
    means: "Overnight the price moved as by a split, and no split is recorded.",
  },
  split_without_jump: { severity: "warning", means: "A split is recorded, and the price did not move as it says." },
  suspicious_print: {
    severity: "warning",
    means: "A high or low lies far from everything near it, or nothing was traded and the price moved.",
  },
  large_gap: { severity: "warning", means: "A week of trading days or more without a bar." },
  missing_day: { severity: "warning", means: "Trading days within the series have no bar in regular hours." },
  partial_day: { severity: "warning", means: "Trading days have an hour or more of regular hours without a bar." },
} as const satisfies Record<string, { readonly severity: Severity; readonly means: string }>;

export type CheckName = keyof typeof CHECKS;

export const CHECK_NAMES = Object.keys(CHECKS) as readonly CheckName[];
