import { condition, proxyActivities, setHandler } from '@temporalio/workflow';

import { cancelled, look, type NumberChangeInput } from './number-change.contract';
import type { NumberChangeSteps } from './number-change.steps';

const { carryOutNumberChange } = proxyActivities<NumberChangeSteps>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** The clocks of the worker and of Postgres may differ. */
const LEAST_WAIT_MS = 1_000;

/**
 * Waits until an approved change of number is due and has it carried out. The row says when, and whether it still is to be: the
 * workflow decides nothing.
 */
export async function numberChange({ changeId }: NumberChangeInput): Promise<void> {
  let hasChanged = false;
  const readAgain = () => {
    hasChanged = true;
  };
  setHandler(cancelled, readAgain);
  setHandler(look, readAgain);
  for (;;) {
    const { dueAt } = await carryOutNumberChange({ changeId });
    if (dueAt === null) return;
    await condition(() => hasChanged, Math.max(dueAt - Date.now(), LEAST_WAIT_MS));
    hasChanged = false;
  }
}
