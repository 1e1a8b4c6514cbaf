import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';

import { refusalIn } from './refusal.contract';

type Step = (input: never) => Promise<unknown>;

/**
 * Steps of one short transaction each, for workflows whose callers wait. A step first runs as a local activity, which
 * costs no round trip to the server. If that ends in a time-out or a lost connection, the same step with the same input runs
 * as a regular activity. It is then retried for as long as it takes, and an operator sees it pending with its failure.
 *
 * `maximumAttempts` is necessary, because the schedule-to-close time-out does not bound local attempts that fail fast.
 */
export function localFirst<Steps extends { [Name in keyof Steps]: Step }>(): Steps {
  const local = proxyLocalActivities<Record<string, (input: unknown) => Promise<unknown>>>({
    // If it were shorter, a second attempt would start beside a first one that only waits for its turn.
    startToCloseTimeout: '2 seconds',
    scheduleToCloseTimeout: '2 seconds',
    retry: { maximumAttempts: 2, initialInterval: '50 milliseconds' },
  });
  const regular = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>({
    startToCloseTimeout: '15 seconds',
    retry: { initialInterval: '200 milliseconds', maximumInterval: '15 seconds' },
  });
  return new Proxy({} as Steps, {
    get: (_, name: string) => (input: unknown) =>
      local[name]!(input).catch((error: unknown) => {
        if (refusalIn(error) || isCancellation(error)) throw error;
        return regular[name]!(input);
      }),
  });
}
