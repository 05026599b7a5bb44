/** What of Alpaca's Trading API is not simulated. */
import type { UnsupportedRoute } from "../wire/unsupported.ts";

const OPTIONS = "options are not simulated";
const WALLETS = "crypto wallets are not simulated";

export const UNSUPPORTED: readonly UnsupportedRoute[] = [
  ["GET", "/v2/options/contracts", OPTIONS],
  ["GET", "/v2/options/contracts/:symbol", OPTIONS],
  ["POST", "/v2/positions/:symbol/exercise", OPTIONS],
  ["POST", "/v2/positions/:symbol/do-not-exercise", OPTIONS],
  ["GET", "/v2/wallets", WALLETS],
  ["GET", "/v2/wallets/transfers", WALLETS],
  ["POST", "/v2/wallets/transfers", WALLETS],
];
