/** Tests in other languages: run by `npm run test:sdk`, which needs python3, and has use for go. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/sdk/**/*.test.ts"],
    // What they fetch first, they fetch side by side.
    maxWorkers: 4,
    testTimeout: 110_000,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
