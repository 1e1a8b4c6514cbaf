import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { confirmOrder } from '../../entities/checkout/confirm-order';
import {
  findLostWorkflows,
  findUnsettledAttempts,
  type LostWorkflowSearch,
} from '../../entities/checkout/find-lost-workflows';
import { recordCallback } from '../../entities/checkout/record-callback';
import { requireOrderState } from '../../entities/orders/order-state';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { buildCallback } from '../support/factories/callbacks';
import { buildOrder, buildRefId, type BuiltOrder, type OrderStage } from '../support/factories/orders';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

const HOUR = 3_600_000;

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
beforeEach(async () => {
  // The unfinished orders of earlier tests count as just woken, so that they are not found.
  await find({ callbacksOlderThanMs: 0, overdueByMs: 0, watchLateMs: -HOUR });
  await rows(shop.database.manager, `UPDATE workflow_wakes SET woken_at = now() + interval '1 year'`);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const find = (overrides: Partial<LostWorkflowSearch> = {}) =>
  shop.run((transaction) =>
    findLostWorkflows(transaction, {
      callbacksOlderThanMs: 30_000,
      overdueByMs: 30_000,
      watchLateMs: HOUR,
      limit: 200,
      ...overrides,
    }),
  );

/** Moves the times of the order's rows into the past. */
async function age(order: BuiltOrder, ms: number): Promise<void> {
  const earlier = `- ${ms} * interval '1 millisecond'`;
  await rows(
    shop.database.manager,
    `UPDATE orders SET created_at = created_at ${earlier}, payment_deadline = payment_deadline ${earlier} WHERE id = $1`,
    [order.id],
  );
  await rows(
    shop.database.manager,
    `UPDATE payment_attempts SET created_at = created_at ${earlier}, payable_until = payable_until ${earlier},
       last_capture_at = last_capture_at ${earlier} WHERE order_id = $1`,
    [order.id],
  );
  await rows(
    shop.database.manager,
    `UPDATE payment_callbacks SET received_at = received_at ${earlier}
     WHERE attempt_id IN (SELECT id FROM payment_attempts WHERE order_id = $1)`,
    [order.id],
  );
}

/** Sets how long ago the workflow was last woken. */
const wokenAgo = (order: BuiltOrder, seconds: number) =>
  rows(
    shop.database.manager,
    `UPDATE workflow_wakes SET woken_at = now() - $2 * interval '1 second' WHERE order_id = $1`,
    [order.id, seconds],
  );

describe('unfinished business is found', () => {
  test('when a callback has waited too long', async () => {
    const order = await buildOrder(shop.database);
    await buildCallback(shop.database, order);

    expect(await find()).toEqual([]);
    await age(order, 31_000);
    expect(await find()).toEqual([order.id]);
  });

  test('when the deadline is long past', async () => {
    const order = await buildOrder(shop.database, { placing: { payableMs: 0, holdGraceMs: 0 } });
    expect(await find()).toEqual([]);
    await age(order, 31_000);
    expect(await find()).toEqual([order.id]);
  });

  test.each(['requesting', 'verifying'] as const)(
    'when an attempt has been %s for too long',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      expect(await find()).toEqual([]);
      await age(order, 31_000);
      expect(await find()).toEqual([order.id]);
    },
  );

  test.each(['expired', 'cancelled'] as const)(
    'when the attempt of an order that is %s was not closed after its watch',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      await age(order, 1_800_000 + HOUR + 29_000);
      expect(await find()).toEqual([]);
      await age(order, 2_000);
      expect(await find()).toEqual([order.id]);
    },
  );

  test('when money is owed to a buyer', async () => {
    const order = await buildOrder(shop.database, { stage: 'surplus' });
    expect(await find()).toEqual([order.id]);
  });

  test('once, however many reasons it has', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });
    await buildCallback(shop.database, order);
    await age(order, 3 * HOUR);
    expect(await find()).toEqual([order.id]);
  });
});

describe('nothing is found', () => {
  test.each<OrderStage>(['requesting', 'open', 'verifying', 'paid', 'expired', 'cancelled', 'refunded'])(
    'for a workflow that has time left: %s',
    async (stage) => {
      await buildOrder(shop.database, { stage });
      expect(await find()).toEqual([]);
    },
  );

  test.each<OrderStage>(['paid', 'refunded'])(
    'for an order without unfinished business, however old: %s',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      await buildCallback(shop.database, order);
      await age(order, 100 * HOUR);
      expect(await find()).toEqual([]);
    },
  );

  test('for a callback that came while its attempt was settled: it then counts as processed', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });
    const come = () =>
      recordCallback(shop.database.manager, {
        callbackId: newId(),
        gateway: 'zarinpal',
        authority: order.attempt.authority!,
        claimed: 'paid',
        query: {},
        atMost: 50,
      });

    const { waited } = await interleave(
      shop,
      (transaction) =>
        confirmOrder(transaction, { orderId: order.id, attemptId: order.attemptId, refId: buildRefId() }),
      come,
    );
    await age(order, HOUR);

    expect(waited).toBe(true);
    expect(await find()).toEqual([]);
    const state = await requireOrderState(shop.database.manager, order.id);
    expect(state.attempts).toMatchObject([{ status: 'settled', hasCallback: false }]);
  });
});

describe('an order that stays unfinished', () => {
  test('is found less and less often, but at least every ten minutes', async () => {
    const order = await buildOrder(shop.database, { stage: 'surplus' });
    expect(await find()).toEqual([order.id]);
    expect(await find()).toEqual([]);

    for (const pause of [30, 60, 120, 240, 480, 600, 600]) {
      await wokenAgo(order, pause - 1);
      expect(await find(), `before ${pause} s`).toEqual([]);
      await wokenAgo(order, pause + 1);
      expect(await find(), `after ${pause} s`).toEqual([order.id]);
    }
  });

  test('is found soon again after a quiet hour', async () => {
    const order = await buildOrder(shop.database, { stage: 'surplus' });
    for (let times = 0; times < 4; times++) {
      await find();
      await wokenAgo(order, 900);
    }
    await wokenAgo(order, 3_700);
    expect(await find()).toEqual([order.id]);
    await wokenAgo(order, 31);
    expect(await find()).toEqual([order.id]);
  });

  test('is found by one of ten sweeps at the same moment', async () => {
    const order = await buildOrder(shop.database, { stage: 'surplus' });
    const found = await Promise.all(Array.from({ length: 10 }, () => find()));
    const wakes = await row<{ times: number }>(
      shop.database.manager,
      'SELECT times FROM workflow_wakes WHERE order_id = $1',
      [order.id],
    );
    expect(found.flat().length).toBeGreaterThanOrEqual(1);
    expect(wakes!.times).toBe(found.flat().length);
  });
});

test('at most the limit is found at once, those never woken first', async () => {
  const orders = [];
  for (let count = 0; count < 5; count++) orders.push(await buildOrder(shop.database, { stage: 'surplus' }));
  const [woken, ...fresh] = orders;
  await rows(
    shop.database.manager,
    `INSERT INTO workflow_wakes (order_id, woken_at) VALUES ($1, now() - interval '1 day')`,
    [woken!.id],
  );

  const first = await find({ limit: 4 });
  const second = await find({ limit: 4 });

  expect(first.toSorted()).toEqual(fresh.map(({ id }) => id).toSorted());
  expect(second).toEqual([woken!.id]);
});

test('searching is one statement', async () => {
  const { statements } = await countStatements(shop.database, () => find());
  expect(statements).toHaveLength(3);
});

describe('payments that a gateway lists as paid and not taken', () => {
  const unsettled = (...orders: BuiltOrder[]) =>
    shop.run((transaction) =>
      findUnsettledAttempts(
        transaction,
        'zarinpal',
        orders.map(({ attempt }) => attempt.authority!),
      ),
    );

  test('wake the workflows of open attempts, with the attempts', async () => {
    const open = await buildOrder(shop.database);
    const expired = await buildOrder(shop.database, { stage: 'expired' });

    const found = await unsettled(open, expired);

    expect(found.toSorted((one, other) => (one.orderId < other.orderId ? -1 : 1))).toEqual(
      [open, expired]
        .map(({ id, attemptId }) => ({ orderId: id, attemptIds: [attemptId] }))
        .toSorted((one, other) => (one.orderId < other.orderId ? -1 : 1)),
    );
  });

  test.each(['verifying', 'paid', 'cancelled', 'surplus'] as const)(
    'do not wake an order that is %s: its money is being taken, or goes back by itself',
    async (stage) => {
      expect(await unsettled(await buildOrder(shop.database, { stage }))).toEqual([]);
    },
  );

  test('do not wake a workflow again that was just woken', async () => {
    const order = await buildOrder(shop.database);
    expect(await unsettled(order)).toHaveLength(1);
    expect(await unsettled(order)).toEqual([]);
    await wokenAgo(order, 21);
    expect(await unsettled(order)).toHaveLength(1);
  });

  test('that are not ours are ignored, and so is an empty list', async () => {
    expect(
      await shop.run((transaction) => findUnsettledAttempts(transaction, 'zarinpal', ['S-foreign'])),
    ).toEqual([]);
    expect(await shop.run((transaction) => findUnsettledAttempts(transaction, 'zarinpal', []))).toEqual([]);
    const order = await buildOrder(shop.database);
    const elsewhere = await shop.run((transaction) =>
      findUnsettledAttempts(transaction, 'stripe', [order.attempt.authority!]),
    );
    expect(elsewhere).toEqual([]);
  });
});
