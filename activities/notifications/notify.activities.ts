import { getClient } from '@temporalio/activity';

import { deliverNotifications } from '../../entities/notifications/deliver-notifications';
import type { Metrics } from '../../platform/metrics';
import type { NotifySteps } from '../../workflows/notifications/notify.steps';
import {
  deliveryOf,
  SMS_DELIVERY_WORKFLOW,
  type SmsDeliveryTiming,
} from '../../workflows/sms/sms-delivery.contract';
import type { Steps } from '../step';

const START_LIMIT_MS = 5_000;

/** What becomes of a message only by a mistake: see the alert `NoticesAreLost`. */
const MISTAKES = [
  ['suppressed', 'unknown'],
  ['failed', 'sms.template_unknown'],
  ['failed', 'sms.variables_invalid'],
] as const;

/** What the steps of notifications need to know. */
export interface NotifySettings {
  /** For the workflows of messages. */
  readonly timing: SmsDeliveryTiming;
  /** The present, for quiet hours and digests. */
  readonly clock: () => Date;
}

/** The steps of the workflow that sends what waits for somebody. */
export function createNotifyActivities(
  { step }: Steps,
  metrics: Metrics,
  { timing, clock }: NotifySettings,
): NotifySteps {
  const outcomes = metrics.counter(
    'notification_messages_total',
    'What became of notifications by SMS: sent, deferred, suppressed or failed, and why.',
    ['outcome', 'reason'],
  );
  // The increase of a series that begins with its first event is 0, and nobody would be alerted.
  for (const [outcome, reason] of MISTAKES) outcomes.inc({ outcome, reason }, 0);
  const deliver = step((transaction, { boxId }: { readonly boxId: string }) =>
    deliverNotifications(transaction, { boxId, now: clock() }),
  );
  return {
    async deliverNotifications(input) {
      const { messageIds, lookAgainInMs, outcomes: ended } = await deliver(input);
      for (const { status, reason } of ended) outcomes.inc({ outcome: status, reason: reason ?? '' });
      return { messageIds, lookAgainInMs };
    },
    /** Of a workflow that runs or is over, nothing changes. What cannot be started, the sweep of messages finds. */
    async startNotificationMessages({ messageIds }) {
      const client = getClient();
      for (const messageId of messageIds)
        await client.withDeadline(Date.now() + START_LIMIT_MS, () =>
          client.workflow.start(SMS_DELIVERY_WORKFLOW, deliveryOf(messageId, timing)),
        );
    },
  };
}
