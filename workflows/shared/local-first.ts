import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';

import { refusalIn } from './refusal.contract';

type Step = (input: never) => Promise<unknown>;

/**
 * Steps that are one short transaction, on the path of a buyer who waits. Each runs as a local activity, which costs no
 * round trip to the server; when that ends in a time-out or a lost connection, the same step with the same input runs as a
 * regular activity, so an operator sees it pending with its failure and it is retried for as long as it takes.
 *
 * `maximumAttempts` is needed: the schedule-to-close time-out does not bound local attempts that fail fast.
 */
export function localFirst<Steps extends { [Name in keyof Steps]: Step }>(): Steps {
  const local = proxyLocalActivities<Record<string, (input: unknown) => Promise<unknown>>>({
    // A shorter time for one attempt would start a second one beside a first that only waits for its turn.
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
