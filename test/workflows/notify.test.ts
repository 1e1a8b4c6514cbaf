import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { changeSettings, DEFAULT_SETTINGS } from '../../entities/notifications/own-settings';
import { startNotifier } from '../../workers/notifier/start-notifier';
import { ROUTES } from '../../workers/relay/routes';
import { eventually } from '../support/eventually';
import { messagesOf } from '../support/factories/notifications';
import { buildOrder } from '../support/factories/orders';
import { configOf, SILENT } from '../support/journal';
import { buildTold, stopClockAt } from '../support/notify-workflows';
import { relayOf } from '../support/relay';
import { row } from '../support/sql';
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

test('a guest’s order that the journal says is paid reaches the phone of its recipient, once', async () => {
  const name = randomUUID();
  const relay = relayOf(shop, { name, routes: ROUTES });
  const options = { database: shop.database, databaseConfig: configOf(shop.url), logger: SILENT };
  const notifier = startNotifier({ ...options, name: `n-${name}`, metrics: shop.metrics });
  try {
    await relay.leads();
    await eventually(() => notifier.isLeading, Boolean);
    const { id } = await buildOrder(shop.database, { stage: 'paid' });
    const recipient = await row<{ phone: string }>(
      shop.database.manager,
      'SELECT phone FROM order_recipients WHERE order_id = $1',
      [id],
    );
    const heard = () =>
      shop.smsProviders.flatMap(({ sent }) => sent.filter(({ to }) => to === recipient!.phone));
    await eventually(heard, (found) => found.length === 1);
    await relay.hasCaughtUp();
    expect(heard()).toHaveLength(1);
    expect(await messagesOf(shop, id)).toMatchObject([{ kind: 'order_paid', status: 'sent' }]);
  } finally {
    await Promise.all([relay.close(), notifier.close()]);
  }
});

test('it sleeps over the night, and wakes for other quiet hours and for the morning', async () => {
  const { id, handle, wake, heard } = await buildTold(shop);
  stopClockAt(shop, 23);
  await wake();
  const deferred = () => messagesOf(shop, id);
  await eventually(deferred, ([message]) => message!.status === 'deferred');
  expect(heard()).toEqual([]);
  // In the morning there are two seconds left; the workflow sleeps through them by itself.
  await shop.run((transaction) =>
    changeSettings(transaction, { accountId: id, ...DEFAULT_SETTINGS, quietTo: 9 * 60 }),
  );
  stopClockAt(shop, 9 - 2 / 3_600, 1);
  await wake();
  await eventually(
    async () => (await handle.fetchHistory()).events ?? [],
    (events) => events.filter((event) => event.timerStartedEventAttributes).length === 2,
  );
  stopClockAt(shop, 9, 1);
  await handle.result();
  await eventually(heard, (found) => found.length === 1);
});

test('lost answers, workers that stop and a reset to any point tell nobody twice', async () => {
  const { id, phone, handle, wake, heard } = await buildTold(shop);
  stopClockAt(shop, 23);
  for (const step of ['deliverNotifications', 'startNotificationMessages'] as const)
    shop.after.set(step, () => {
      shop.after.delete(step);
      throw new Error('the answer is lost');
    });
  const { signaledRunId } = await wake();
  await eventually(
    () => messagesOf(shop, id),
    ([message]) => message!.status === 'deferred',
  );
  await shop.stopWorkers();
  stopClockAt(shop, 9, 1);
  await wake();
  await shop.startWorkers();
  await handle.result();
  await eventually(heard, (found) => found.length === 1);

  const { events } = await shop.temporal.workflow.getHandle(handle.workflowId, signaledRunId).fetchHistory();
  const points = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  expect(points.length).toBeGreaterThan(3);
  for (const { eventId } of points) {
    await shop.temporal.workflowService.resetWorkflowExecution({
      namespace: shop.namespace,
      workflowExecution: { workflowId: handle.workflowId, runId: signaledRunId },
      reason: 'a test',
      requestId: randomUUID(),
      workflowTaskFinishEventId: eventId,
    });
    await handle.result();
  }
  expect(heard()).toHaveLength(1);
  expect(JSON.stringify(events)).not.toContain(Buffer.from(phone).toString('base64').slice(0, 12));
  expect(JSON.stringify(events)).not.toContain(phone);
});
