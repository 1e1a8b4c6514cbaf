import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';

import { look, type NotifyInput } from './notify.contract';
import type { NotifySteps } from './notify.steps';

const { deliverNotifications, startNotificationMessages } = proxyActivities<NotifySteps>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** The clocks of the worker and of Temporal may differ. */
const LEAST_WAIT_MS = 1_000;

/**
 * Sends what waits for one person, and sleeps until the next message is due. The rows say what that is and when: the workflow
 * calculates no quiet hours, because workers may have different zone data. It ends when nothing waits; the next notification starts
 * it again.
 */
export async function notify({ boxId }: NotifyInput): Promise<void> {
  let hasChanged = false;
  setHandler(look, () => {
    hasChanged = true;
  });
  for (;;) {
    hasChanged = false;
    const { messageIds, lookAgainInMs } = await deliverNotifications({ boxId });
    if (messageIds.length > 0) await startNotificationMessages({ messageIds });
    if (!hasChanged) {
      if (lookAgainInMs === null) return;
      if (lookAgainInMs > 0) {
        await condition(() => hasChanged, Math.max(lookAgainInMs, LEAST_WAIT_MS), {
          summary: 'until a message is due',
        });
      }
    }
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof notify>({ boxId });
  }
}
