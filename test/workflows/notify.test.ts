import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { readBadge } from '../../entities/notifications/notification-boxes';
import { changePreferences } from '../../entities/notifications/own-preferences';
import { changeSettings, DEFAULT_SETTINGS } from '../../entities/notifications/own-settings';
import { createMetrics } from '../../platform/metrics';
import { startNotifier } from '../../workers/notifier/start-notifier';
import { ROUTES } from '../../workers/relay/routes';
import { eventually } from '../support/eventually';
import { buildNotification, messagesOf } from '../support/factories/notifications';
import { buildOrder } from '../support/factories/orders';
import { configOf, SILENT } from '../support/journal';
import { buildTold, stopClockAt } from '../support/notify-workflows';
import { relayOf, type RelayUnderTest } from '../support/relay';
import { resetToEachTask } from '../support/reset-workflow';
import { row, rows } from '../support/sql';
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

describe('nobody wakes the workflow but the relay', () => {
  let relay: RelayUnderTest;
  beforeEach(async () => {
    relay = relayOf(shop, { name: randomUUID(), routes: ROUTES });
    await relay.leads();
  });
  afterEach(() => relay.close());

  const waits = (id: string, messages = 1) =>
    eventually(
      () => messagesOf(shop, id),
      (found) => found.length === messages && found.every(({ status }) => status === 'deferred'),
    );
  const choose = (accountId: string, channel: 'sms' | 'in_app', isOn: boolean) =>
    shop.run((transaction) =>
      changePreferences(transaction, { accountId, choices: [{ category: 'order', channel, isOn }] }),
    );
  const withoutNight = (accountId: string) =>
    shop.run((transaction) =>
      changeSettings(transaction, { accountId, ...DEFAULT_SETTINGS, quietFrom: 0, quietTo: 0 }),
    );

  test('when SMS is switched off while a message waits: it is dropped at once', async () => {
    stopClockAt(shop, 23);
    const { id, heard } = await buildTold(shop);
    await waits(id);
    await choose(id, 'sms', false);
    await eventually(
      () => messagesOf(shop, id),
      ([message]) => message!.status === 'suppressed' && message!.reason === 'preference',
    );
    expect(heard()).toEqual([]);
  });

  test('when the list is switched off while a message waits: it still comes, and what follows comes by SMS only', async () => {
    stopClockAt(shop, 23);
    const { id, orderId, heard } = await buildTold(shop);
    await waits(id);
    await choose(id, 'in_app', false);
    await buildNotification(shop, { accountId: id, data: { orderId } });
    await waits(id, 2);
    expect(await readBadge(shop.database.manager, id)).toMatchObject({ unread: 1 });
    await choose(id, 'in_app', true);
    expect(await readBadge(shop.database.manager, id)).toMatchObject({ unread: 1 });
    await withoutNight(id);
    await eventually(heard, (found) => found.length === 2);
  });

  test('when other hours are quiet while a message waits: it comes at once', async () => {
    stopClockAt(shop, 23);
    const { id, heard } = await buildTold(shop);
    await waits(id);
    await withoutNight(id);
    await eventually(heard, (found) => found.length === 1);
  });

  test('when its signal was lost: the notifier that leads makes up for it', async () => {
    stopClockAt(shop, 12, 1);
    await relay.close();
    const { id, heard, handle } = await buildTold(shop);
    // What happened before its cursor, a relay does not tell.
    relay = relayOf(shop, { name: randomUUID(), routes: ROUTES });
    await relay.leads();
    await rows(
      shop.database.manager,
      "UPDATE notification_deliveries SET created_at = now() - interval '6 minutes' WHERE box_id = $1",
      [id],
    );
    await relay.hasCaughtUp();
    await expect(handle.describe()).rejects.toThrow(/not found/i);
    const notifier = startNotifier({
      ...{ name: `n-${randomUUID()}`, database: shop.database, databaseConfig: configOf(shop.url) },
      ...{ logger: SILENT, metrics: createMetrics() },
    });
    try {
      await eventually(heard, (found) => found.length === 1);
      await handle.result();
    } finally {
      await notifier.close();
    }
  });

  test('when no provider takes a message in time: it is sent again once they are back', async () => {
    stopClockAt(shop, 12, 1);
    const refused = { kind: 'refused', class: 'overload', code: '20', message: 'too many calls' } as const;
    let isAway = true;
    const away = async () =>
      isAway ? refused : { kind: 'accepted' as const, providerMessageId: randomUUID() };
    for (const { answers } of shop.smsProviders) answers.send = Array.from({ length: 500 }, () => away);
    const { id, phone, heard } = await buildTold(shop);
    const messages = () =>
      rows<{ status: string; reason: string | null }>(
        shop.database.manager,
        'SELECT status, failure_code AS reason FROM sms_messages WHERE recipient = $1 ORDER BY created_at, id',
        [phone],
      );
    await eventually(messages, ([message]) => message?.reason === '20');
    await rows(shop.database.manager, 'UPDATE sms_messages SET not_after = now() WHERE recipient = $1', [
      phone,
    ]);
    await eventually(messages, ([message]) => message!.status === 'cancelled');
    expect(await messages()).toEqual([{ status: 'cancelled', reason: 'late' }]);

    isAway = false;
    await rows(shop.database.manager, 'DELETE FROM sms_breakers');
    await rows(
      shop.database.manager,
      "UPDATE notification_deliveries SET created_at = now() - interval '6 minutes' WHERE box_id = $1",
      [id],
    );
    const notifier = startNotifier({
      ...{ name: `n-${randomUUID()}`, database: shop.database, databaseConfig: configOf(shop.url) },
      ...{ logger: SILENT, metrics: createMetrics() },
    });
    try {
      await eventually(heard, (found) => found.length === 1);
      await relay.hasCaughtUp();
      await eventually(messages, ([, second]) => second?.status === 'accepted');
      expect(heard()).toHaveLength(1);
      expect((await messages()).map(({ status }) => status)).toEqual(['cancelled', 'accepted']);
    } finally {
      await notifier.close();
    }
  });
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

  const run = { workflowId: handle.workflowId, runId: signaledRunId };
  const { events, tasks } = await resetToEachTask(shop, run, () => handle.result());
  expect(tasks).toBeGreaterThan(3);
  expect(heard()).toHaveLength(1);
  expect(JSON.stringify(events)).not.toContain(Buffer.from(phone).toString('base64').slice(0, 12));
  expect(JSON.stringify(events)).not.toContain(phone);
});
