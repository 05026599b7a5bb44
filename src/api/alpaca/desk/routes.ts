/** Everything that a trader does at one account: the same under the broker's path and at Trading's own. */
import type { FastifyInstance } from "fastify";
import { registerTraderView } from "./account.ts";
import { registerAccountActivities } from "./activities.ts";
import { registerConfigurations } from "./configurations.ts";
import type { Desk } from "./desk.ts";
import { registerExplaining } from "./order-explain.ts";
import { registerPreview } from "./order-preview.ts";
import { registerOrders } from "./orders.ts";
import { registerPortfolioHistory } from "./portfolio-history.ts";
import { registerPositions } from "./positions.ts";

export function registerDesk(app: FastifyInstance, desk: Desk): void {
  registerTraderView(app, desk);
  registerOrders(app, desk);
  registerPreview(app, desk);
  registerExplaining(app, desk);
  registerPositions(app, desk);
  registerConfigurations(app, desk);
  registerAccountActivities(app, desk);
  registerPortfolioHistory(app, desk);
}
