/**
 * How long a test waits for a condition before it gives up, in milliseconds. Far more than any condition takes, so that a
 * test passes on a machine that is many times overloaded; only a failing test waits that long.
 */
export const PATIENCE_MS = 120_000;

/** The same for `vi.waitFor` and `vi.waitUntil`. */
export const PATIENCE = { timeout: PATIENCE_MS, interval: 25 };
