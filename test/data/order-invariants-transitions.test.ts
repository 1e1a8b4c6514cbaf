import { afterAll, beforeAll, expect, test } from 'vitest';

import { ORDER_TRANSITIONS, type OrderStatus } from '../../entities/orders/order-status';
import { ATTEMPT_TRANSITIONS } from '../../entities/payments/attempt-status';
import { OVER, SMS_ATTEMPT_TRANSITIONS, SMS_TRANSITIONS } from '../../entities/sms/sms-status';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(() => shop.close());

/** Whether the trigger permits the statement, which is rolled back. */
async function passes(transaction: Transaction, sql: string, parameters: unknown[]): Promise<boolean> {
  await rows(transaction, 'SAVEPOINT before_move');
  try {
    await rows(transaction, sql, parameters);
    return true;
  } catch (error) {
    if (!/ may not move from \w+ to \w+$/.test((error as Error).message)) throw error;
    return false;
  } finally {
    await rows(transaction, 'ROLLBACK TO SAVEPOINT before_move');
  }
}

/** Runs work and rolls it back, so that deferred constraints are not checked. */
async function withoutCommit<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
  const runner = shop.database.createQueryRunner();
  await runner.startTransaction();
  try {
    return await work(runner.manager);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

const paymentOf = (status: OrderStatus) => (status === 'placed' ? 'paid' : 'unpaid');

test('an order moves from one status to another exactly when the table says so', async () => {
  const allowed = await withoutCommit(async (transaction) => {
    const moved: string[] = [];
    for (const [from, to] of pairsOf(ORDER_TRANSITIONS)) {
      const id = newId();
      await rows(
        transaction,
        `INSERT INTO orders (id, cart_id, request_digest, client_key, status, payment_status, settled_attempt_id,
           total, currency, payment_deadline)
         VALUES ($1::uuid, gen_random_uuid(), '', '', $2, $3::varchar, CASE WHEN $3 = 'paid' THEN $1::uuid END, 0, 'IRR', now())`,
        [id, from, paymentOf(from)],
      );
      const move = `UPDATE orders SET status = $2, payment_status = $3::varchar,
        settled_attempt_id = CASE WHEN $3 = 'paid' THEN id END WHERE id = $1`;
      if (await passes(transaction, move, [id, to, paymentOf(to)])) moved.push(`${from} -> ${to}`);
    }
    return moved;
  });

  expect(allowed.toSorted()).toEqual(allowedOf(ORDER_TRANSITIONS));
});

test('an attempt moves from one status to another exactly when the table says so', async () => {
  const allowed = await withoutCommit(async (transaction) => {
    const moved: string[] = [];
    for (const [from, to] of pairsOf(ATTEMPT_TRANSITIONS)) {
      const [orderId, id] = [newId(), newId()];
      await rows(
        transaction,
        `WITH placed AS (
           INSERT INTO orders (id, cart_id, request_digest, client_key, status, payment_status, total, currency, payment_deadline)
           VALUES ($1, gen_random_uuid(), '', '', 'expired', 'unpaid', 5, 'IRR', now()) RETURNING id, currency
         )
         INSERT INTO payment_attempts (id, order_id, gateway, status, amount, captured, currency, payable_until)
         SELECT $2, id, 'zarinpal', $3::varchar, 5, CASE WHEN $3 IN ('settled', 'surplus') THEN 5 ELSE 0 END, currency, now()
         FROM placed`,
        [orderId, id, from],
      );
      const move = `UPDATE payment_attempts SET status = $2::varchar,
        captured = CASE WHEN $2 IN ('settled', 'surplus') THEN 5 ELSE 0 END WHERE id = $1`;
      if (await passes(transaction, move, [id, to])) moved.push(`${from} -> ${to}`);
    }
    return moved;
  });

  expect(allowed.toSorted()).toEqual(allowedOf(ATTEMPT_TRANSITIONS));
});

test('a message moves from one status to another exactly when the table says so', async () => {
  const allowed = await withoutCommit(async (transaction) => {
    const moved: string[] = [];
    for (const [from, to] of pairsOf(SMS_TRANSITIONS)) {
      const id = newId();
      await rows(
        transaction,
        `INSERT INTO sms_messages (id, kind, template, language, recipient, status, avoid, requested_by, request_digest, finished_at)
         VALUES ($1, 'notice', 'order_paid', 'fa', '+989121234567', $2, '[]', '', '', CASE WHEN $3 THEN now() END)`,
        [id, from, OVER.includes(from)],
      );
      const move = `UPDATE sms_messages SET status = $2, finished_at = CASE WHEN $3 THEN now() END WHERE id = $1`;
      if (await passes(transaction, move, [id, to, OVER.includes(to)])) moved.push(`${from} -> ${to}`);
    }
    return moved;
  });

  expect(allowed.toSorted()).toEqual(allowedOf(SMS_TRANSITIONS));
});

test('a send moves from one status to another exactly when the table says so', async () => {
  const needs = `provider_message_id = CASE WHEN $2 = 'accepted' THEN $1::text END,
    answered_at = CASE WHEN $2 <> 'sending' THEN now() END,
    outcome_class = CASE WHEN $2 = 'refused' THEN 'bug' END`;
  const allowed = await withoutCommit(async (transaction) => {
    const moved: string[] = [];
    for (const [from, to] of pairsOf(SMS_ATTEMPT_TRANSITIONS)) {
      const id = newId();
      await rows(
        transaction,
        `WITH requested AS (
           INSERT INTO sms_messages (id, kind, template, language, recipient, status, avoid, requested_by, request_digest)
           VALUES ($1, 'notice', 'order_paid', 'fa', '+989121234567', 'queued', '[]', '', '') RETURNING id, kind
         )
         INSERT INTO sms_attempts (id, message_id, kind, ordinal, provider, operation, is_probe, status,
           provider_message_id, answered_at, outcome_class)
         SELECT id, id, kind, 1, 'first', 'text', false, $2::varchar, CASE WHEN $2 = 'accepted' THEN $1::text END,
           CASE WHEN $2 <> 'sending' THEN now() END, CASE WHEN $2 = 'refused' THEN 'bug' END FROM requested`,
        [id, from],
      );
      const move = `UPDATE sms_attempts SET status = $2::varchar, ${needs} WHERE id = $1::uuid`;
      if (await passes(transaction, move, [id, to])) moved.push(`${from} -> ${to}`);
    }
    return moved;
  });

  expect(allowed.toSorted()).toEqual(allowedOf(SMS_ATTEMPT_TRANSITIONS));
});

test.each([
  { what: 'message', table: SMS_TRANSITIONS, first: 'queued' },
  { what: 'send', table: SMS_ATTEMPT_TRANSITIONS, first: 'sending' },
  { what: 'order', table: ORDER_TRANSITIONS, first: 'awaiting_payment' },
  { what: 'attempt', table: ATTEMPT_TRANSITIONS, first: 'requesting' },
])('every status of an $what can be reached from the first', ({ table, first }) => {
  const reached = new Set([first]);
  for (const status of reached) {
    for (const next of (table as Record<string, readonly string[]>)[status]!) reached.add(next);
  }
  expect([...reached].toSorted()).toEqual(Object.keys(table).toSorted());
});

type Transitions<Status extends string> = Readonly<Record<Status, readonly Status[]>>;

function pairsOf<Status extends string>(table: Transitions<Status>): [Status, Status][] {
  const statuses = Object.keys(table) as Status[];
  return statuses.flatMap((from) =>
    statuses.filter((to) => to !== from).map((to): [Status, Status] => [from, to]),
  );
}

function allowedOf<Status extends string>(table: Transitions<Status>): string[] {
  return (Object.entries(table) as [Status, readonly Status[]][])
    .flatMap(([from, all]) => all.map((to) => `${from} -> ${to}`))
    .toSorted();
}
