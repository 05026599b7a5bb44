/** Start-up hook of Node programs that `tapedeck run` starts: gives them the session's time and its server. */
import { appendFileSync } from "node:fs";
import { startClock } from "./preload-clock.ts";
import { redirectRequests } from "./preload-redirect.ts";

const { TAPEDECK_RUN_URL, TAPEDECK_RUN_SESSION, TAPEDECK_RUN_BASE_URL, TAPEDECK_RUN_SPEED, TAPEDECK_RUN_HELLO } =
  process.env;

if (TAPEDECK_RUN_URL !== undefined && TAPEDECK_RUN_SESSION !== undefined && TAPEDECK_RUN_BASE_URL !== undefined) {
  if (TAPEDECK_RUN_HELLO !== undefined) appendFileSync(TAPEDECK_RUN_HELLO, `node ${process.pid}\n`);
  const speed =
    TAPEDECK_RUN_SPEED === undefined || TAPEDECK_RUN_SPEED === "max" ? undefined : Number(TAPEDECK_RUN_SPEED);
  const clock = await startClock({ url: TAPEDECK_RUN_URL, session: TAPEDECK_RUN_SESSION, speed });
  redirectRequests(TAPEDECK_RUN_BASE_URL, clock);
}
