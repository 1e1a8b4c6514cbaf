import type { DataSource } from 'typeorm';

import {
  forgetDelivered,
  parkSignals,
  readRequestedRetries,
  type RequestedRetry,
  type Undeliverable,
} from '../../entities/relay/park-signals';
import { withTransaction } from '../../platform/transaction';
import type { SignalLook } from '../../temporal/look-signal';
import { deliver } from './deliver';
import type { Route } from './route';
import { wakesOf } from './targets';

const AT_A_TIME = 100;

/**
 * Tries the parked signals again that people ask for. Each is routed by today's table, so a correction of the code helps. One
 * that gets no answer is tried again with the next call.
 */
export async function retryRequested(
  database: DataSource,
  routes: readonly Route[],
  signal: SignalLook,
): Promise<void> {
  for (const retry of await readRequestedRetries(database.manager, AT_A_TIME)) {
    const impossible = await tryAgain(routes, signal, retry);
    if (!impossible) return;
    await withTransaction(database, async (transaction) => {
      if (!impossible.some(({ target }) => target === retry.target))
        await forgetDelivered(transaction, retry);
      await parkSignals(transaction, impossible);
    });
  }
}

/** What still cannot be delivered. Undefined when nobody answered. */
async function tryAgain(
  routes: readonly Route[],
  signal: SignalLook,
  { event, ...parked }: RequestedRetry,
): Promise<readonly Undeliverable[] | undefined> {
  if (!event) return [{ ...parked, reason: 'the event was removed' }];
  const wakes = wakesOf(
    routes.filter(({ workflow }) => workflow === parked.workflow),
    [event],
  );
  if (wakes.length === 0) return [{ ...parked, reason: 'no route wakes the workflow by this event' }];
  const { impossible, unanswered } = await deliver(signal, wakes);
  return unanswered.length > 0 ? undefined : impossible;
}
