import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, test } from 'vitest';

import { approveOrder, cancelOrder, rejectOrder } from '../../../entities/purchasing/decide-purchase-order';
import { closeOrderShort } from '../../../entities/purchasing/receive-goods';
import { createPurchaseOrderCalls } from '../../../temporal/purchasing';
import { purchaseOrderWorkflowId } from '../../../workflows/purchasing/purchase-order.contract';
import { eventually } from '../../support/eventually';
import { buildAccount } from '../../support/factories/accounts';
import { rows } from '../../support/sql';
import { buildRunningOrder } from '../../workflows/purchase-orders';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());
beforeEach(() => shop.reset());

type Order = Awaited<ReturnType<typeof buildRunningOrder>>;

async function keep(
  name: string,
  { handle }: { readonly handle: Pick<Order['handle'], 'result' | 'fetchHistory'> },
): Promise<void> {
  await handle.result();
  keepHistory(name, await handle.fetchHistory());
}

test('an order that waits for its cut-off and arrives in parts', async () => {
  const order = await buildRunningOrder(shop, { at: Date.now() });
  await rows(shop.database.manager, 'UPDATE purchase_orders SET cutoff_at = now() WHERE id = $1', [
    order.orderId,
  ]);
  await order.look();
  await order.until('ordered');
  await order.receive(4);
  await order.until('partly_received');
  await order.receive(6);
  await keep('received', order);
});

test('an order that somebody approves and its supplier refuses', async () => {
  const order = await buildRunningOrder(shop, { approval: ['days_of_demand'] });
  await order.until('awaiting_approval');
  const { id: accountId } = await buildAccount(shop.database);
  await shop.run((transaction) =>
    approveOrder(transaction, { orderId: order.orderId, accountId, at: Date.now() }),
  );
  await order.look();
  await order.until('ordered');
  await order.reply('purchase_order.refused');
  await keep('refused', order);
});

test('an order without an answer that is sent again, then cancelled', async () => {
  shop.supplier.answerNext({ kind: 'unknown', message: 'no answer' });
  const order = await buildRunningOrder(shop);
  await eventually(order.read, ({ message }) => message?.status === 'unknown');
  await order.makeDue();
  await order.until('ordered');
  await shop.run((transaction) => cancelOrder(transaction, { orderId: order.orderId, at: Date.now() }));
  await order.look();
  await keep('cancelled', order);
});

test('an order that comes late, needs somebody and is closed short', async () => {
  const order = await buildRunningOrder(shop);
  await order.until('ordered');
  await order.makeDue();
  await eventually(
    () => Promise.resolve(shop.runsOf('remindAboutOrder')),
    (runs) => runs === 1,
  );
  await order.makeDue();
  await order.untilAttention();
  await shop.run((transaction) => closeOrderShort(transaction, { orderId: order.orderId, at: Date.now() }));
  await order.look();
  await keep('closed-short', order);
});

test('an order whose approval is reminded of, then needs somebody, until somebody rejects it', async () => {
  const order = await buildRunningOrder(shop, { approval: ['days_of_demand'] });
  await eventually(order.read, ({ remindAt }) => remindAt !== null);
  await order.makeDue();
  await eventually(order.read, ({ reminders }) => reminders === 1);
  await order.makeDue();
  await order.untilAttention();
  await shop.run((transaction) => rejectOrder(transaction, { orderId: order.orderId, at: Date.now() }));
  await order.look();
  await keep('unapproved', order);
});

test('an order that Postgres does not know', async () => {
  const orderId = randomUUID();
  await createPurchaseOrderCalls(shop.temporal, 60_000).look(orderId);
  await keep('lost', { handle: shop.temporal.workflow.getHandle(purchaseOrderWorkflowId(orderId)) });
});
