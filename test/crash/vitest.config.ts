/** The crash tests: servers killed, stopped, cut off and damaged again and again; run by `npm run test:crash`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/crash/**/*.test.ts"],
    pool: "forks",
    // Servers wait for disks, timers and clients most of the time, and no test asserts how long anything took.
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
