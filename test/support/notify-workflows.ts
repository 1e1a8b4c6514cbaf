import {
  look,
  NOTIFY_WORKFLOW,
  notifyOf,
  notifyWorkflowId,
} from '../../workflows/notifications/notify.contract';
import type { WorkflowShop } from '../workflows/workflow-shop';
import { buildAccount } from './factories/accounts';
import { buildNotification } from './factories/notifications';
import { buildOrder } from './factories/orders';

/** Somebody for whom a message about an order waits, and their workflow. */
export async function buildTold(shop: WorkflowShop, stage: 'open' | 'paid' = 'open') {
  const { id, phone } = await buildAccount(shop.database);
  const order = await buildOrder(shop.database, { stage });
  await buildNotification(shop, { accountId: id, data: { orderId: order.id } });
  return {
    ...{ id, phone, orderId: order.id },
    handle: shop.temporal.workflow.getHandle(notifyWorkflowId(id)),
    wake: () =>
      shop.temporal.workflow.signalWithStart(NOTIFY_WORKFLOW, { ...notifyOf(id), signal: look.name }),
    /** The texts that reached the phone. */
    heard: () => shop.smsProviders.flatMap(({ sent }) => sent.filter(({ to }) => to === phone)),
  };
}

/** Stops the clock of the steps at an hour of Tehran, so many days from today. */
export function stopClockAt(shop: WorkflowShop, hour: number, days = 0): void {
  const day = new Date().toISOString().slice(0, 10);
  const at = new Date(Date.parse(`${day}T00:00:00+03:30`) + hour * 3_600_000 + days * 86_400_000);
  shop.now = () => at;
}
