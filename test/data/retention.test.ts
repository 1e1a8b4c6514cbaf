import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { retain } from '../../activities/jobs/retain';
import { ANSWER_CACHE_ID } from '../../entities/cache/answer-cache';
import { ANSWER_CACHE } from '../../entities/cache/cache.events';
import { endAnswers } from '../../entities/cache/end-answers';
import { archiveRoom } from '../../entities/chat/change-room';
import { recordEvents } from '../../entities/events/record-events';
import { startJournalCursor } from '../../entities/events/store-journal-cursor';
import { AVAILABILITY } from '../../entities/inventory/inventory.events';
import { NOTIFICATION_BOX } from '../../entities/notifications/notifications.events';
import { ORDER } from '../../entities/orders/orders.events';
import type { RemovedPage } from '../../entities/retention/page';
import { removeOldEvents } from '../../entities/retention/remove-old-events';
import {
  blankTicketTexts,
  removeCallbacks,
  removeCarts,
  removeCodes,
  removeJobRuns,
  removeRefusedImports,
  removeChatMessages,
  removeRequestDigests,
  removeSessions,
  removeSmsMessages,
  removeStepKeys,
  removeStockAlerts,
  removeStockNotices,
  removeSupplierReplies,
} from '../../entities/retention/remove-old-rows';
import type { Transaction } from '../../entities/sql';
import { noteStockCrossings } from '../../entities/stock-alerts/note-crossings';
import { tellOfStock } from '../../entities/stock-alerts/tell-of-stock';
import { answerAsCustomer, noteOnTicket } from '../../entities/support/answer-ticket';
import { resolveOwnTicket } from '../../entities/support/own-ticket';
import { readDeskTicket } from '../../entities/support/read-tickets';
import { changeTicketStatus } from '../../entities/support/steer-ticket';
import { newId } from '../../entities/values/uuid';
import { CheckoutConfig } from '../../platform/config/checkout';
import { RetentionConfig } from '../../platform/config/retention';
import { createMetrics } from '../../platform/metrics';
import { buildSession } from '../support/factories/accounts';
import { buildCallback } from '../support/factories/callbacks';
import { buildAgent, buildGroup, say } from '../support/factories/chat';
import { buildFilledCart } from '../support/factories/filled-cart';
import { buildNotification } from '../support/factories/notifications';
import { buildNumberChange } from '../support/factories/number-changes';
import { buildOrder } from '../support/factories/orders';
import { buildPurchaseOrder } from '../support/factories/purchase-orders';
import { buildMessage, buildSend } from '../support/factories/sms';
import { buildWaiting, moveStock, toldOf } from '../support/factories/stock-waits';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { buildTicket } from '../support/factories/tickets';
import { buildVerification } from '../support/factories/verifications';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(async () => {
  await run('DELETE FROM journal_cursors');
  await shop.assertInvariantsHold();
});
afterAll(() => shop.close());

const run = <Row extends object>(sql: string, values: readonly unknown[] = []) =>
  rows<Row>(shop.database.manager, sql, values);

type Removal = (transaction: Transaction, days: number, after: string | null) => Promise<RemovedPage>;

/** All pages of a removal. */
async function removeAll(removal: Removal, days: number) {
  let page: RemovedPage = { removed: 0, next: null };
  const total = { removed: 0, held: 0 };
  do {
    const { next } = page;
    page = await shop.run((transaction) => removal(transaction, days, next));
    total.removed += page.removed;
    total.held += page.held ?? 0;
  } while (page.next !== null);
  return total;
}

describe('old events', () => {
  /** What can be bought of a new variant, after so many changes. */
  async function buildHistory(changes: number): Promise<string> {
    const { id, productId } = await buildStockedVariant(shop.database);
    await change(id, productId, changes - (await versionsOf(id)).length);
    return id;
  }

  async function change(id: string, productId: string, times: number): Promise<void> {
    const event = { type: 'availability.changed', payload: { productId, was: 1, available: 2 } } as const;
    for (let time = 0; time < times; time += 1) {
      await shop.run((transaction) => recordEvents(transaction, AVAILABILITY, id, event));
    }
  }

  const versionsOf = async (id: string, type = AVAILABILITY.type) =>
    (
      await run<{ version: number }>(
        'SELECT version FROM events WHERE aggregate_type = $2 AND aggregate_id = $1 ORDER BY version',
        [id, type],
      )
    ).map(({ version }) => version);

  test('go, but never the newest of anything, and none of an order or an account', async () => {
    const id = await buildHistory(5);
    const order = await buildOrder(shop.database, { stage: 'paid' });

    await removeAll(removeOldEvents, 0);

    expect(await versionsOf(id)).toEqual([5]);
    expect(await versionsOf(order.id, ORDER.type)).toEqual([1, 2, 3]);
    expect(await removeAll(removeOldEvents, 0)).toEqual({ removed: 0, held: 0 });
  });

  test('of the cache and of boxes of notifications go too', async () => {
    const { boxId } = await buildNotification(shop);
    for (let time = 0; time < 3; time += 1) {
      await shop.run((transaction) =>
        endAnswers(transaction, { tags: [`product:${newId()}`], pattern: null }),
      );
      await shop.run((transaction) =>
        recordEvents(transaction, NOTIFICATION_BOX, boxId, {
          type: 'notifications.seen',
          payload: { unread: 1, unseen: 0 },
        }),
      );
    }
    const histories = [
      [boxId, NOTIFICATION_BOX.type],
      [ANSWER_CACHE_ID, ANSWER_CACHE.type],
    ] as const;
    const newest = [];
    for (const [id, type] of histories) {
      const versions = await versionsOf(id, type);
      expect(versions.length).toBeGreaterThanOrEqual(3);
      newest.push([versions.at(-1)]);
    }

    await removeAll(removeOldEvents, 0);

    const left = [];
    for (const [id, type] of histories) left.push(await versionsOf(id, type));
    expect(left).toEqual(newest);
  });

  test('that are young stay', async () => {
    const id = await buildHistory(3);
    await removeAll(removeOldEvents, 1);
    expect(await versionsOf(id)).toEqual([1, 2, 3]);
  });

  test('that a slow reader has not seen stay, and everything after them', async () => {
    const id = await buildHistory(3);
    await shop.run((transaction) => startJournalCursor(transaction, 'slow'));
    const [{ productId }] = (await run<{ productId: string }>(
      'SELECT product_id AS "productId" FROM variants WHERE id = $1',
      [id],
    )) as [{ productId: string }];
    await change(id, productId, 3);
    await shop.run((transaction) => startJournalCursor(transaction, 'fast'));

    const { held } = await removeAll(removeOldEvents, 0);

    expect(await versionsOf(id)).toEqual([4, 5, 6]);
    expect(held).toBeGreaterThanOrEqual(3);
    await run(`DELETE FROM journal_cursors WHERE consumer = 'slow'`);
    await removeAll(removeOldEvents, 0);
    expect(await versionsOf(id)).toEqual([6]);
  });

  test('of a transaction that a reader saw running stay', async () => {
    const id = await buildHistory(1);
    const runner = shop.database.createQueryRunner();
    await runner.startTransaction();
    const event = {
      type: 'availability.changed',
      payload: { productId: newId(), was: 1, available: 2 },
    } as const;
    await recordEvents(runner.manager, AVAILABILITY, id, event);
    await shop.run((transaction) => startJournalCursor(transaction, 'meanwhile'));
    await recordEvents(runner.manager, AVAILABILITY, id, event);
    await runner.commitTransaction();
    await runner.release();

    await removeAll(removeOldEvents, 0);

    expect(await versionsOf(id)).toEqual([2, 3]);
  });

  test('go in pages of the whole journal', async () => {
    const id = await buildHistory(1);
    await run(
      `WITH more AS (
         INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
         SELECT 'availability', $1, n, 'availability.changed', '{}' FROM generate_series(2, 12000) AS n
       ) UPDATE variant_availability SET version = 12000 WHERE id = $1`,
      [id],
    );

    const first = await shop.run((transaction) => removeOldEvents(transaction, 0, null));
    expect(first.removed).toBeLessThanOrEqual(5_000);
    await removeAll(removeOldEvents, 0);
    expect(await versionsOf(id)).toEqual([12_000]);
  });
});

/** In Tehran. */
const NOON = new Date('2026-12-01T08:30:00Z');

const idsIn = async (table: string, ids: readonly string[]) =>
  (await run<{ id: string }>(`SELECT id FROM ${table} WHERE id = ANY($1)`, [ids])).map(({ id }) => id);

test('carts go that nobody has changed for long, unless an order names them, and a new cart removes none', async () => {
  const line = { variantId: (await buildStockedVariant(shop.database)).id, quantity: 1 };
  const [old, young] = [
    await buildFilledCart(shop.database, [line]),
    await buildFilledCart(shop.database, [line]),
  ];
  const { cart } = await buildOrder(shop.database, { stage: 'cancelled' });
  const ids = [old.id, young.id, cart.id];
  await run(`UPDATE carts SET updated_at = now() - interval '91 days' WHERE id = ANY($1)`, [
    [old.id, cart.id],
  ]);
  await buildFilledCart(shop.database, [line]);
  expect((await idsIn('carts', ids)).toSorted()).toEqual(ids.toSorted());

  expect(await removeAll(removeCarts, 90)).toMatchObject({ removed: 1 });

  expect((await idsIn('carts', ids)).toSorted()).toEqual([young.id, cart.id].toSorted());
});

test('callbacks go once they were processed, and never before', async () => {
  const seen = await buildCallback(shop.database, await buildOrder(shop.database, { stage: 'paid' }));
  const unseen = await buildCallback(shop.database, await buildOrder(shop.database));
  await run(
    `UPDATE payment_callbacks SET received_at = now() - interval '181 days',
       processed_at = processed_at - interval '181 days'`,
  );

  expect(await removeAll(removeCallbacks, 180)).toMatchObject({ removed: 1 });

  expect(await idsIn('payment_callbacks', [seen.callbackId, unseen.callbackId])).toEqual([unseen.callbackId]);
});

test('sessions go long after their end, then the codes that opened them', async () => {
  const ended = await buildSession(shop.database);
  const idle = await buildSession(shop.database);
  const alive = await buildSession(shop.database);
  const all = [ended, idle, alive].map(({ sessionId }) => sessionId);
  await run(`UPDATE sessions SET signed_in_at = now() - interval '100 days' WHERE id = ANY($1)`, [all]);
  await run(`UPDATE sessions SET idle_until = now() - interval '91 days' WHERE id = $1`, [idle.sessionId]);
  await run(
    `UPDATE sessions SET ended_at = now() - interval '91 days', end_reason = 'signed_out' WHERE id = $1`,
    [ended.sessionId],
  );
  await run(
    `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
     SELECT 'account', id, version + 1, 'account.session_ended', jsonb_build_object('sessionId', $2::text)
     FROM accounts WHERE id = $1`,
    [ended.accountId, ended.sessionId],
  );
  await run('UPDATE accounts SET version = version + 1 WHERE id = $1', [ended.accountId]);
  const codes = await run<{ id: string; sessionId: string }>(
    'SELECT verification_id AS id, id AS "sessionId" FROM sessions WHERE id = ANY($1)',
    [all],
  );
  await run(
    `UPDATE verifications SET created_at = created_at - interval '100 days', expires_at = expires_at - interval '100 days',
       used_at = used_at - interval '100 days', last_sent_at = last_sent_at - interval '100 days'
     WHERE id = ANY($1)`,
    [codes.map(({ id }) => id)],
  );

  expect(await removeAll(removeCodes, 90)).toMatchObject({ removed: 0 });
  expect(await removeAll(removeSessions, 90)).toMatchObject({ removed: 2 });
  expect(await removeAll(removeCodes, 90)).toMatchObject({ removed: 2 });

  expect(await idsIn('sessions', all)).toEqual([alive.sessionId]);
  const kept = codes.find(({ sessionId }) => sessionId === alive.sessionId)!.id;
  expect(
    await idsIn(
      'verifications',
      codes.map(({ id }) => id),
    ),
  ).toEqual([kept]);
});

test('codes stay that limits count, or that a change of number names', async () => {
  const { verificationId } = await buildVerification(shop.database);
  const { changeId } = await buildNumberChange(shop.database);
  await run(
    `UPDATE verifications v SET created_at = v.created_at - interval '100 days',
       expires_at = expires_at - interval '100 days', used_at = used_at - interval '100 days',
       last_sent_at = last_sent_at - interval '100 days'
     FROM number_changes n WHERE n.id = $1 AND v.id IN (n.new_verification_id, n.old_verification_id)`,
    [changeId],
  );

  expect(await removeAll(removeCodes, 90)).toMatchObject({ removed: 0 });
  expect(await idsIn('verifications', [verificationId])).toEqual([verificationId]);
});

test('keys of steps and requests go, and of the runs of a job all but the last of each kind', async () => {
  await run(
    `INSERT INTO processed_steps (key, created_at) VALUES ('old', now() - interval '91 days'), ('young', now())`,
  );
  await removeAll(removeStepKeys, 90);
  expect(await run(`SELECT key FROM processed_steps WHERE key IN ('old', 'young')`)).toEqual([
    { key: 'young' },
  ]);

  await run(
    `INSERT INTO request_digests (object_id, digest, created_at)
     VALUES (gen_random_uuid(), 'old', now() - interval '91 days'), (gen_random_uuid(), 'young', now())`,
  );
  await removeAll(removeRequestDigests, 90);
  expect(await run(`SELECT digest FROM request_digests WHERE digest IN ('old', 'young')`)).toEqual([
    { digest: 'young' },
  ]);

  await run(
    `INSERT INTO job_runs (id, job, workflow_id, state, started_at, ended_at)
     SELECT gen_random_uuid(), 'yearly', 'a-test', state, now() - days * interval '1 day', now()
     FROM (VALUES ('done', 400), ('done', 100), ('failed', 50), ('skipped', 1)) AS run(state, days)`,
  );
  expect(await removeAll(removeJobRuns, 30)).toMatchObject({ removed: 1 });
});

/** Lets the alerts and messages of everybody look so many days older. */
async function ageTold(days: number): Promise<void> {
  for (const table of ['stock_alerts', 'stock_notices', 'sms_messages'])
    await run(`UPDATE ${table} SET created_at = created_at - $1 * interval '1 day'`, [days]);
  await run(`UPDATE sms_messages SET finished_at = finished_at - $1 * interval '1 day'`, [days]);
}

test('what was told of stock goes, but never the crossing that keeps the next alert away', async () => {
  const { id: variantId } = await buildStockedVariant(shop.database, { stock: 30 });
  const look = async () => {
    await shop.run((transaction) => noteStockCrossings(transaction, { variantId }));
    await shop.run((transaction) => tellOfStock(transaction, { variantId, now: NOON }));
  };
  const alerts = async () =>
    (
      await run<{ kind: string }>('SELECT kind FROM stock_alerts WHERE variant_id = $1 ORDER BY created_at', [
        variantId,
      ])
    ).map(({ kind }) => kind);
  await look();
  await run('UPDATE stock_levels SET reorder_point = 20 WHERE variant_id = $1', [variantId]);
  await moveStock(shop.database, variantId, -30);
  await look();
  const people = await buildWaiting(shop.database, variantId, 1);
  for (const delta of [30, -15]) {
    await moveStock(shop.database, variantId, delta);
    await look();
  }
  expect(await alerts()).toEqual(['back', 'out', 'low', 'back', 'low']);
  const told = await toldOf(shop.database, variantId);
  expect(told.map(({ accountId }) => accountId)).toEqual(people.map(({ accountId }) => accountId));
  const { messageId } = told[0]!;
  await buildSend(shop.database, messageId, { kind: 'refused', class: 'stop', code: '3', message: 'no' });

  await ageTold(400);
  expect(await removeAll(removeSmsMessages, 180)).toMatchObject({ removed: 0 });
  expect(await removeAll(removeStockAlerts, 180)).toMatchObject({ removed: 2 });
  expect(await removeAll(removeStockNotices, 180)).toMatchObject({ removed: 1 });
  expect(await removeAll(removeStockAlerts, 180)).toMatchObject({ removed: 0 });
  expect(await removeAll(removeSmsMessages, 180)).toMatchObject({ removed: 1 });

  expect(await alerts()).toEqual(['out', 'back', 'low']);
  await look();
  expect(await alerts()).toEqual(['out', 'back', 'low']);
});

test('messages go with their attempts once they are over, and never before', async () => {
  const { id: over } = await buildMessage(shop.database, { kind: 'notice' });
  const { id: underWay } = await buildMessage(shop.database, { kind: 'notice' });
  await buildSend(shop.database, over, { kind: 'refused', class: 'stop', code: '3', message: 'no' });
  await run(
    `UPDATE sms_messages SET created_at = now() - interval '1 year', finished_at = finished_at - interval '1 year'
     WHERE id = ANY($1)`,
    [[over, underWay]],
  );

  expect(await removeAll(removeSmsMessages, 180)).toMatchObject({ removed: 1 });

  expect(await idsIn('sms_messages', [over, underWay])).toEqual([underWay]);
  expect(await run('SELECT 1 FROM sms_attempts WHERE message_id = $1', [over])).toEqual([]);
});

test('replies that no supplier sent go, and imports that were refused, with their lines', async () => {
  const { orderId: order, supplierId } = await buildPurchaseOrder(shop.database);
  await run(
    `INSERT INTO supplier_replies (id, supplier_id, order_id, webhook_id, signed_at, signature, digest, received_at,
       processed_at, verdict)
     SELECT gen_random_uuid(), $1, $2, verdict, 0, 's', verdict, at, at, verdict
     FROM (VALUES ('forged', now() - interval '1 year'), ('genuine', now() - interval '1 year'), ('old', now()))
       AS reply(verdict, at)`,
    [supplierId, order],
  );
  await run(
    `INSERT INTO catalog_imports (id, digest, status, line_count, created_at, ended_at)
     SELECT gen_random_uuid(), status, status, 1, at, at
     FROM (VALUES ('refused', now() - interval '1 year'), ('done', now() - interval '1 year')) AS made(status, at)`,
  );
  await run(
    `INSERT INTO catalog_import_lines (import_id, line, row) SELECT id, 1, '{}' FROM catalog_imports WHERE digest = 'refused'`,
  );

  expect(await removeAll(removeSupplierReplies, 180)).toMatchObject({ removed: 1 });
  expect(await removeAll(removeRefusedImports, 180)).toMatchObject({ removed: 1 });

  expect(await run('SELECT verdict FROM supplier_replies ORDER BY 1')).toEqual([
    { verdict: 'genuine' },
    { verdict: 'old' },
  ]);
  expect(await run('SELECT status FROM catalog_imports')).toEqual([{ status: 'done' }]);
  expect(await run('SELECT 1 FROM catalog_import_lines')).toEqual([]);
});

test('messages go long after their room was archived, the oldest first, and the room stays', async () => {
  const { roomId, owner, member } = await buildGroup(shop);
  const open = await buildGroup(shop);
  await say(shop, open.owner, open.roomId, 'Still open');
  await say(shop, owner, roomId, 'One');
  await say(shop, member, roomId, 'Two', { replyToSeq: 1 });
  await run(
    `INSERT INTO attachments (id, room_id, account_id, status, name, type, bytes, object_key, upload_expires_at, message_seq, place)
     VALUES ($1, $2, $3, 'ready', 'a.png', 'image/png', 1, 'a', now(), 1, 1)`,
    [newId(), roomId, owner.accountId],
  );
  await shop.run((transaction) => archiveRoom(transaction, owner, { roomId }));
  const left = () =>
    run('SELECT text FROM messages WHERE room_id = ANY($1) ORDER BY text', [[roomId, open.roomId]]);

  await removeAll(removeChatMessages, 1);
  expect(await left()).toHaveLength(3);
  await run(`UPDATE rooms SET archived_at = now() - interval '2 days' WHERE id = $1`, [roomId]);
  await removeAll(removeChatMessages, 1);

  expect(await left()).toEqual([{ text: 'Still open' }]);
  expect(await run('SELECT name, status FROM attachments WHERE room_id = $1', [roomId])).toEqual([
    { name: '', status: 'removed' },
  ]);
  expect(await run('SELECT state FROM rooms WHERE id = $1', [roomId])).toEqual([{ state: 'archived' }]);
});

test('what was written on a ticket is blanked long after it was closed, and an answer still opens another', async () => {
  const old = await buildTicket(shop);
  const young = await buildTicket(shop);
  const agent = await buildAgent(shop, 'support');
  const now = new Date();
  for (const { id, customer } of [old, young]) {
    await shop.run(async (transaction) => {
      await noteOnTicket(transaction, agent, { ticketId: id, clientId: newId(), text: 'Asks often', now });
      await resolveOwnTicket(transaction, customer, { ticketId: id, now });
      await changeTicketStatus(transaction, agent, { ticketId: id, status: 'closed', now });
    });
  }
  await run(`UPDATE tickets SET closed_at = now() - interval '2 days' WHERE id = $1`, [old.id]);
  const written = (id: string) =>
    run('SELECT text, request_digest IS NULL AS forgotten FROM ticket_messages WHERE ticket_id = $1', [id]);

  expect(await removeAll(blankTicketTexts, 1)).toMatchObject({ removed: 1 });
  expect(await removeAll(blankTicketTexts, 1)).toMatchObject({ removed: 0 });

  const blank = { text: '', forgotten: true };
  expect(await written(old.id)).toEqual([blank, blank]);
  expect((await written(young.id)).map((row) => 'text' in row && row.text)).toContain('Asks often');
  const answer = { ticketId: old.id, clientId: newId(), text: 'Still there?', now };
  const { ticketId } = await shop.run((transaction) => answerAsCustomer(transaction, old.customer, answer));
  const next = await readDeskTicket(shop.database.manager, ticketId);
  expect(next).toMatchObject({ followsId: old.id, subject: expect.stringMatching(/^TK\d{8}$/) });
});

describe('a run', () => {
  const SETTINGS = { ...new RetentionConfig(), cartLifetimeMs: new CheckoutConfig().cartLifetimeMs };

  /** Runs the job as a worker does, and keeps the place that the next attempt begins with. */
  function buildRun(longestMs?: number) {
    const metrics = createMetrics();
    const lines: string[] = [];
    const log = {
      warn: (line: string) => void lines.push(line),
      error: (line: string) => void lines.push(line),
    };
    const context = { log } as unknown as Context;
    const work = retain(shop.database, SETTINGS, metrics, longestMs);
    let kept: unknown;
    return {
      lines,
      attempt: () =>
        asyncLocalStorage.run(context, () =>
          work({ kept, keep: (place) => void (kept = place), throwIfOver: () => undefined }),
        ),
      alerts: async () =>
        (await metrics.registry.getSingleMetric('asoud_alerts_total')!.get()).values.map(
          ({ labels }) => labels['code'],
        ),
    };
  }

  test('goes on after a removal that fails, fails at its end, and then tries only that one', async () => {
    await run(`INSERT INTO processed_steps (key, created_at) VALUES ('of a run', now() - interval '1 year')`);
    await run(
      `INSERT INTO request_digests (object_id, digest, created_at) VALUES (gen_random_uuid(), 'of a run', now() - interval '1 year')`,
    );
    const left = async () => ({
      keys: (await run(`SELECT FROM processed_steps WHERE key = 'of a run'`)).length,
      digests: (await run(`SELECT FROM request_digests WHERE digest = 'of a run'`)).length,
    });
    await run(
      `CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not today'; END $$;
       CREATE TRIGGER refuse_removal BEFORE DELETE ON processed_steps EXECUTE FUNCTION refuse_removal()`,
    );
    const { attempt, lines } = buildRun();
    try {
      await expect(attempt()).rejects.toThrow('stepKeys: not today');
      expect(await left()).toEqual({ keys: 1, digests: 0 });
      expect(lines).toEqual(['a removal failed, and the others go on']);
    } finally {
      await run('DROP TRIGGER refuse_removal ON processed_steps; DROP FUNCTION refuse_removal');
    }

    expect(await attempt()).toMatchObject({ isComplete: true, left: [], removed: { stepKeys: 1 } });
    expect(await left()).toEqual({ keys: 0, digests: 0 });
  });

  test('that is not done in time says what is left, and alerts a person', async () => {
    const { attempt, alerts } = buildRun(0);

    const { isComplete, left } = await attempt();

    expect(isComplete).toBe(false);
    expect(left).toContain('events');
    expect(await alerts()).toEqual(['retention.incomplete']);
  });
});
