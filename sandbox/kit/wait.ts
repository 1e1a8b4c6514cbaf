import { setTimeout as sleep } from 'node:timers/promises';

/** More than a day is a typing error. */
export const LONGEST_WAIT_MS = 24 * 3_600_000;

/** Lets real time pass without keeping the process alive. */
export async function wait(ms: number): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { ref: false });
}
