import { setTimeout as sleep } from 'node:timers/promises';

/** Lets real time pass without keeping the process alive. */
export async function wait(ms: number): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { ref: false });
}
