import { randomBytes, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { approveOrder, cancelOrder } from '../../entities/purchasing/decide-purchase-order';
import { closeOrderShort } from '../../entities/purchasing/receive-goods';
import { PURCHASING_QUEUE } from '../../workflows/purchasing/purchase-order.contract';
import { PURCHASING_SWEEP_WORKFLOW } from '../../workflows/purchasing/purchasing-sweep.contract';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { eventually } from '../support/eventually';
import { buildAccount } from '../support/factories/accounts';
import { rows } from '../support/sql';
import { buildRunningOrder } from './purchase-orders';
import { openWorkflowShop, type StepName, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(async () => {
  await shop?.assertInvariantsHold();
  await shop?.close();
});
beforeEach(() => shop.reset());

const now = () => Date.now();

test('an order goes out after its cut-off, arrives in parts and ends', async () => {
  const order = await buildRunningOrder(shop);
  await order.until('ordered');
  await order.receive(4);
  await order.until('partly_received');
  await order.receive(6);
  expect(await order.handle.result()).toBe('received');
  expect(shop.supplier.calls.map(({ webhookId }) => webhookId)).toEqual([`${order.orderId}-r1`]);
});

test('an order waits for its cut-off, and for approval by somebody else', async () => {
  const order = await buildRunningOrder(shop, { approval: ['days_of_demand'] });
  await order.until('awaiting_approval');
  expect(shop.supplier.calls).toEqual([]);
  const { id: accountId } = await buildAccount(shop.database);
  await shop.run((transaction) =>
    approveOrder(transaction, { orderId: order.orderId, accountId, at: now() }),
  );
  await order.look();
  await order.until('ordered');
  await order.receive(10);
  expect(await order.handle.result()).toBe('received');
});

test('an approval that nobody gives is reminded of, then the workflow needs somebody, until it is given', async () => {
  const order = await buildRunningOrder(shop, { approval: ['days_of_demand'] });
  const reminded = (times: number) => eventually(order.read, ({ reminders }) => reminders === times);
  await eventually(order.read, ({ remindAt }) => remindAt !== null);
  const alerts = () => shop.runsOf('raiseAlert');
  expect(alerts()).toBe(0);
  await order.makeDue();
  await reminded(1);
  await eventually(
    () => Promise.resolve(alerts()),
    (told) => told === 1,
  );
  expect(await order.read()).toMatchObject({ status: 'awaiting_approval', attention: null });
  await order.makeDue();
  await order.untilAttention();
  expect(await order.read()).toMatchObject({ status: 'awaiting_approval', attention: 'unapproved' });
  await order.makeDue();
  await reminded(3);
  const { id: accountId } = await buildAccount(shop.database);
  await shop.run((transaction) =>
    approveOrder(transaction, { orderId: order.orderId, accountId, at: now() }),
  );
  await order.look();
  await order.until('ordered');
  await order.receive(10);
  expect(await order.handle.result()).toBe('received');
  const { typedSearchAttributes } = await order.handle.describe();
  expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention)).toBe(false);
  expect(alerts()).toBe(2);
});

test('a flood of forged replies holds up neither the delivery nor the history', async () => {
  const order = await buildRunningOrder(shop);
  await order.until('ordered');
  const forge = () => order.reply('purchase_order.refused', { signedBy: randomBytes(32) });
  // Each of them tells the workflow to look, as only a stored one does in the API.
  for (let sent = 0; sent < 30; sent += 1) await forge();
  await order.receive(10);
  expect(await order.handle.result()).toBe('received');
});

test('a message without an answer goes out again with the same id, and somebody hears of a refused one', async () => {
  shop.supplier.answerNext(
    { kind: 'unknown', message: 'no answer' },
    { kind: 'refused', message: 'HTTP 401' },
  );
  const order = await buildRunningOrder(shop);
  await eventually(order.read, ({ message }) => message?.status === 'unknown');
  await order.makeDue();
  await order.untilAttention();
  await shop.run((transaction) => cancelOrder(transaction, { orderId: order.orderId, at: now() }));
  await order.look();
  expect(await order.handle.result()).toBe('cancelled');
  const ids = shop.supplier.calls.map(({ webhookId, kind }) => `${kind} ${webhookId.slice(-2)}`);
  expect(ids).toEqual(['order r1', 'order r1', 'cancel r2']);
});

test('late goods are reminded of, then need somebody, and stay expected until a person closes the order', async () => {
  const order = await buildRunningOrder(shop);
  await order.until('ordered');
  await order.makeDue();
  await eventually(
    () => Promise.resolve(shop.runsOf('remindAboutOrder')),
    (runs) => runs === 1,
  );
  expect(await order.read()).toMatchObject({ status: 'ordered', attention: null });
  await order.makeDue();
  await order.untilAttention();
  expect(await order.read()).toMatchObject({ status: 'ordered', attention: 'late' });
  await shop.run((transaction) => closeOrderShort(transaction, { orderId: order.orderId, at: now() }));
  await order.look();
  expect(await order.handle.result()).toBe('closed_short');
});

test('a forged, an old and a foreign reply change nothing; a genuine one is heard', async () => {
  const order = await buildRunningOrder(shop);
  await order.until('ordered');
  await order.reply('purchase_order.refused', { signedBy: randomBytes(32) });
  await order.reply('purchase_order.refused', { agoSeconds: 400 });
  await order.reply('purchase_order.refused', { data: { orderId: randomUUID() } });
  await order.reply('purchase_order.unheard_of');
  await eventually(order.read, ({ hasReply }) => !hasReply);
  expect((await order.read()).status).toBe('ordered');
  const verdicts = await rows<{ verdict: string }>(
    shop.database.manager,
    'SELECT verdict FROM supplier_replies WHERE order_id = $1 ORDER BY received_at',
    [order.orderId],
  );
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['forged', 'old', 'foreign', 'malformed']);
  await order.reply('purchase_order.refused');
  expect(await order.handle.result()).toBe('refused');
});

test('a cancelled order is told to its supplier; goods and replies that come after the end are taken', async () => {
  const order = await buildRunningOrder(shop);
  await order.until('ordered');
  await shop.run((transaction) => cancelOrder(transaction, { orderId: order.orderId, at: now() }));
  await order.look();
  expect(await order.handle.result()).toBe('cancelled');
  expect(shop.supplier.idsOf(order.orderId)).toEqual([`${order.orderId}-r1`, `${order.orderId}-r2`]);
  await order.receive(10);
  await order.reply('purchase_order.accepted');
  await eventually(order.read, ({ hasReply }) => !hasReply);
  expect((await order.read()).status).toBe('cancelled');
});

test('the sweep starts the workflow of an order that has none', async () => {
  const order = await buildRunningOrder(shop, { starts: false });
  await shop.temporal.workflow.execute(PURCHASING_SWEEP_WORKFLOW, {
    workflowId: randomUUID(),
    taskQueue: PURCHASING_QUEUE,
  });
  await order.until('ordered');
});

test('a workflow that is reset goes on from the row and sends nothing twice', async () => {
  const order = await buildRunningOrder(shop);
  await order.until('ordered');
  const { events } = await order.handle.fetchHistory();
  const first = events!.find((event) => event.workflowTaskCompletedEventAttributes)!;
  const { runId } = await order.handle.describe();
  await shop.temporal.workflowService.resetWorkflowExecution({
    namespace: shop.namespace,
    workflowExecution: { workflowId: order.handle.workflowId, runId },
    ...{ reason: 'a test', requestId: randomUUID(), workflowTaskFinishEventId: first.eventId! },
  });
  await order.receive(10);
  expect(await order.handle.result()).toBe('received');
  expect(shop.supplier.calls).toHaveLength(1);
});

const STEPS: StepName[] = [
  'readPurchaseOrder',
  'submitDueOrder',
  'tellSupplier',
  'recordMessageOutcome',
  'judgeSupplierReplies',
  'remindAboutOrder',
];

test('a worker that dies before or after any step sends one order, once, and reminds of it once', async () => {
  const deaths = new Map<StepName, Set<string>>();
  for (const step of STEPS) {
    const met = new Set<string>();
    const dieOnce = (moment: string) => () => {
      if (met.has(moment)) return;
      met.add(moment);
      throw new Error('the worker died');
    };
    shop.before.set(step, dieOnce('before'));
    shop.after.set(step, dieOnce('after'));
    deaths.set(step, met);
  }
  const order = await buildRunningOrder(shop);
  // Due once for each attempt: a workflow that is told again and again completes no task in between.
  const untilAsked = (times: number) =>
    eventually(
      order.read,
      ({ status, message }) =>
        status === 'ordered' || (message?.status === 'unknown' && message.attempts > times),
    );
  for (let found = await untilAsked(0); found.status !== 'ordered';) {
    await order.makeDue();
    found = await untilAsked(found.message!.attempts);
  }
  await order.reply('purchase_order.accepted');
  await eventually(order.read, ({ hasReply }) => !hasReply);
  await order.makeDue();
  await eventually(
    () => Promise.resolve(deaths.get('remindAboutOrder')!.size),
    (died) => died === 2,
  );
  await order.receive(10);
  expect(await order.handle.result()).toBe('received');
  expect(shop.supplier.idsOf(order.orderId)).toEqual([`${order.orderId}-r1`]);
  expect(await order.read()).toMatchObject({ reminders: 1, attention: null });
  for (const [step, died] of deaths) expect([step, [...died]]).toEqual([step, ['before', 'after']]);
});
