import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { ROUTES } from '../../workers/relay/routes';
import {
  look,
  STOCK_ALERT_WORKFLOW,
  stockAlertOf,
  stockAlertWorkflowId,
} from '../../workflows/inventory/stock-alert.contract';
import { smsDeliveryWorkflowId } from '../../workflows/sms/sms-delivery.contract';
import { eventually } from '../support/eventually';
import { buildWaiting, moveStock, toldOf } from '../support/factories/stock-waits';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { relayOf } from '../support/relay';
import { resetToEachTask } from '../support/reset-workflow';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(async () => {
  await shop?.assertInvariantsHold();
  await shop?.close();
});
beforeEach(() => shop.reset());

const handleOf = (variantId: string) => shop.temporal.workflow.getHandle(stockAlertWorkflowId(variantId));
const wake = (variantId: string) =>
  shop.temporal.workflow.signalWithStart(STOCK_ALERT_WORKFLOW, {
    ...stockAlertOf(variantId),
    signal: look.name,
  });
const told = (variantId: string) => toldOf(shop.database, variantId);
const phones = () => shop.smsProviders[0]!.sent.map(({ to }) => to).toSorted();

/** A variant that is out, and people who wait for it. */
async function buildMissed(people: number) {
  const { id } = await buildStockedVariant(shop.database, { stock: 0 });
  return { id, people: await buildWaiting(shop.database, id, people) };
}

test('a return that the journal has reaches the phones of those who wait, once', async () => {
  const { id, people } = await buildMissed(2);
  const relay = relayOf(shop, { name: randomUUID(), routes: ROUTES });
  try {
    await relay.leads();
    await moveStock(shop.database, id, 3);
    await eventually(phones, (to) => to.length === 2);
    await handleOf(id).result();
    expect(phones()).toEqual(people.map(({ phone }) => phone).toSorted());

    await moveStock(shop.database, id, -3);
    await moveStock(shop.database, id, 3);
    await relay.hasCaughtUp();
    await handleOf(id).result();
  } finally {
    await relay.close();
  }
  expect(phones()).toHaveLength(2);
  const history = JSON.stringify(await handleOf(id).fetchHistory());
  for (const { phone } of people)
    for (const spelled of [phone, Buffer.from(phone).toString('base64')])
      expect(history).not.toContain(spelled);
});

test('a reset to any point, and a lost answer of any step, tell nobody twice', async () => {
  const { id, people } = await buildMissed(2);
  await moveStock(shop.database, id, 3);
  for (const step of ['noteStockCrossings', 'tellOfStock', 'startStockMessages'] as const)
    shop.after.set(step, () => {
      shop.after.delete(step);
      throw new Error('the answer is lost');
    });
  const { signaledRunId } = await wake(id);
  await handleOf(id).result();
  const run = { workflowId: stockAlertWorkflowId(id), runId: signaledRunId };
  await resetToEachTask(shop, run, () => handleOf(id).result());
  await Promise.all(
    (await told(id)).map(({ messageId }) =>
      eventually(
        async () =>
          (await shop.temporal.workflow.getHandle(smsDeliveryWorkflowId(messageId)).describe()).status.name,
        Boolean,
      ),
    ),
  );
  await eventually(phones, (to) => to.length >= people.length);
  expect(await told(id)).toHaveLength(2);
  expect(phones()).toEqual(people.map(({ phone }) => phone).toSorted());
});

test('at night it sleeps, and wakes when stock changes', async () => {
  const { id } = await buildMissed(1);
  shop.now = () => new Date('2026-12-01T20:00:00Z');
  await moveStock(shop.database, id, 1);
  await wake(id);
  await eventually(
    async () => (await handleOf(id).fetchHistory()).events ?? [],
    (events) => events.some((event) => event.timerStartedEventAttributes),
  );
  expect(await told(id)).toEqual([]);
  await moveStock(shop.database, id, -1);
  await wake(id);
  await handleOf(id).result();
  expect(await told(id)).toEqual([]);
});
