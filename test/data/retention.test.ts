import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { recordEvents } from '../../entities/events/record-events';
import { startJournalCursor } from '../../entities/events/store-journal-cursor';
import { AVAILABILITY } from '../../entities/inventory/inventory.events';
import { ORDER } from '../../entities/orders/orders.events';
import type { RemovedPage } from '../../entities/retention/page';
import { removeOldEvents } from '../../entities/retention/remove-old-events';
import {
  removeCallbacks,
  removeCarts,
  removeCodes,
  removeJobRuns,
  removeSessions,
  removeStepKeys,
} from '../../entities/retention/remove-old-rows';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { buildSession } from '../support/factories/accounts';
import { buildCallback } from '../support/factories/callbacks';
import { buildFilledCart } from '../support/factories/filled-cart';
import { buildNumberChange } from '../support/factories/number-changes';
import { buildOrder } from '../support/factories/orders';
import { buildStockedVariant } from '../support/factories/stocked-variant';
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

test('keys of steps go, and of the runs of a job all but the last of each kind', async () => {
  await run(
    `INSERT INTO processed_steps (key, created_at) VALUES ('old', now() - interval '91 days'), ('young', now())`,
  );
  await removeAll(removeStepKeys, 90);
  expect(await run(`SELECT key FROM processed_steps WHERE key IN ('old', 'young')`)).toEqual([
    { key: 'young' },
  ]);

  await run(
    `INSERT INTO job_runs (id, job, workflow_id, state, started_at, ended_at)
     SELECT gen_random_uuid(), 'yearly', 'a-test', state, now() - days * interval '1 day', now()
     FROM (VALUES ('done', 400), ('done', 100), ('failed', 50), ('skipped', 1)) AS run(state, days)`,
  );
  expect(await removeAll(removeJobRuns, 30)).toMatchObject({ removed: 1 });
});
