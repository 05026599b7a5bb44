/** One day on which the exchange trades. */
import type { CivilDate, Instant } from "../kernel/index.ts";

export interface TradingDay {
  readonly date: CivilDate;
  /** Pre-market begins: 04:00 New York. */
  readonly sessionOpen: Instant;
  /** Regular trading begins: 09:30 New York. */
  readonly open: Instant;
  /** Regular trading ends: 16:00 New York, earlier on early-close days. */
  readonly close: Instant;
  /** After-hours trading ends: 20:00 New York, 17:00 on early-close days. */
  readonly sessionClose: Instant;
}
