import { getClient, log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { nextTellingTime } from '../../entities/calendar/telling-hours';
import { findLeftCarts, remindOfCart } from '../../entities/cart-reminders/remind-of-cart';
import { withTransaction } from '../../platform/transaction';
import {
  deliveryOf,
  SMS_DELIVERY_WORKFLOW,
  type SmsDeliveryTiming,
} from '../../workflows/sms/sms-delivery.contract';
import type { PlainWork } from './job.activities';

/** What reminders need to know. */
export interface CartReminderSettings {
  /** How long nobody has changed a cart that its customer is reminded of. */
  readonly cartReminderAfterMs: number;
  /** For the workflows of messages. */
  readonly timing: SmsDeliveryTiming;
  /** The present. Customers are not told at night. */
  readonly clock: () => Date;
}

const PAGE = 100;
const FIRST = '00000000-0000-0000-0000-000000000000';
const START_LIMIT_MS = 5_000;

/** Reminds customers who allow it of carts that they have left, each in a transaction of its own. At night it does nothing. */
export function remindOfCarts(database: DataSource, settings: CartReminderSettings): PlainWork {
  async function startDelivery(messageId: string): Promise<void> {
    const client = getClient();
    try {
      await client.withDeadline(Date.now() + START_LIMIT_MS, () =>
        client.workflow.start(SMS_DELIVERY_WORKFLOW, deliveryOf(messageId, settings.timing)),
      );
    } catch (error) {
      log.warn('a message waits for the sweep', { messageId, reason: String(error) });
    }
  }

  return async ({ kept, keep, throwIfOver }) => {
    const { cartReminderAfterMs: quietMs } = settings;
    let { reminded, after } = (kept ?? { reminded: 0, after: FIRST }) as { reminded: number; after: string };
    for (;;) {
      const now = settings.clock();
      if (nextTellingTime(now) > now) return { reminded, isNight: true };
      const page = await findLeftCarts(database.manager, { after, quietMs, atMost: PAGE });
      for (const cartId of page) {
        throwIfOver();
        const messageId = await withTransaction(database, (transaction) =>
          remindOfCart(transaction, { cartId, quietMs }),
        );
        if (messageId !== undefined) {
          await startDelivery(messageId);
          reminded += 1;
        }
        after = cartId;
        keep({ reminded, after });
      }
      if (page.length < PAGE) return { reminded, isNight: false };
    }
  };
}
