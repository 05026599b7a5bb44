/** The door of the kernel: values without opinions. */
export * from "./assert.ts";
export * from "./bar.ts";
export * from "./civil.ts";
export * from "./corporate-action.ts";
export * from "./fault.ts";
export * from "./fixed.ts";
export * from "./instant.ts";
export * from "./limits.ts";
export * from "./money.ts";
export * from "./prng.ts";
export * from "./refusal.ts";
export * from "./text.ts";
