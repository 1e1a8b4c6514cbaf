import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { Aggregate, EventOf } from '../../entities/events/aggregate';
import { journalHasNoGaps } from '../../entities/events/journal-has-no-gaps';
import { readEvents } from '../../entities/events/read-events';
import { recordEvents } from '../../entities/events/record-events';
import { requireOrderState } from '../../entities/orders/order-state';
import { ORDER, type OrderEvent } from '../../entities/orders/orders.events';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { buildOrder, type BuiltOrder, type OrderStage } from '../support/factories/orders';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const unavailable = (gateway: string): OrderEvent => ({
  type: 'order.payment_unavailable',
  payload: { attemptId: newId(), gateway, reason: 'gateway_unavailable' },
});
const record = (order: BuiltOrder, ...events: OrderEvent[]) =>
  shop.run((transaction) => recordEvents(transaction, ORDER, order.id, ...events));
const read = (order: BuiltOrder, after = 0, limit = 100) =>
  readEvents(shop.database.manager, ORDER, order.id, after, limit);

test.each<[OrderStage, string[]]>([
  ['requesting', ['order.created']],
  ['open', ['order.created', 'order.payment_opened']],
  ['verifying', ['order.created', 'order.payment_opened']],
  ['paid', ['order.created', 'order.payment_opened', 'order.paid']],
  ['expired', ['order.created', 'order.payment_opened', 'order.expired']],
  ['cancelled', ['order.created', 'order.payment_opened', 'order.cancelled', 'order.payment_refused']],
  [
    'refunded',
    [
      'order.created',
      'order.payment_opened',
      'order.cancelled',
      'order.payment_refused',
      'order.payment_surplus',
      'order.payment_refunded',
    ],
  ],
])('the timeline of an order that is %s has the events that led there', async (stage, types) => {
  const order = await buildOrder(shop.database, { stage });

  const timeline = await read(order);

  expect(timeline.map(({ type }) => type)).toEqual(types);
  expect(timeline.map(({ version }) => version)).toEqual(types.map((_type, index) => index + 1));
  expect(order.state.version).toBe(types.length);
});

describe('versions', () => {
  test('of events in one call follow one another in their order', async () => {
    const order = await buildOrder(shop.database);

    await record(order, unavailable('first'), unavailable('second'), unavailable('third'));

    expect((await read(order, 2)).map(({ version, payload }) => [version, payload.gateway])).toEqual([
      [3, 'first'],
      [4, 'second'],
      [5, 'third'],
    ]);
  });

  test('grow with the ids by which all events are read', async () => {
    const order = await buildOrder(shop.database);
    await Promise.all(
      Array.from({ length: 10 }, () => record(order, unavailable('a'), unavailable('b'), unavailable('c'))),
    );

    const byId = await rows<{ version: number }>(
      shop.database.manager,
      'SELECT version FROM events WHERE aggregate_id = $1 ORDER BY id',
      [order.id],
    );

    expect(byId.map(({ version }) => version)).toEqual(
      Array.from({ length: 32 }, (_unused, index) => index + 1),
    );
  });

  test('have no gap and no duplicate with forty writers at once', async () => {
    const order = await buildOrder(shop.database);

    await Promise.all(
      Array.from({ length: 40 }, (_unused, index) => record(order, unavailable(String(index)))),
    );

    const timeline = await read(order);
    expect(timeline.map(({ version }) => version)).toEqual(
      Array.from({ length: 42 }, (_unused, index) => index + 1),
    );
    expect(new Set(timeline.map(({ payload }) => payload.gateway)).size).toBe(42);
    expect((await requireOrderState(shop.database.manager, order.id)).version).toBe(42);
  });

  test('are not used up by a change that was rolled back', async () => {
    const order = await buildOrder(shop.database);
    const refused = shop.run(async (transaction) => {
      await recordEvents(transaction, ORDER, order.id, unavailable('never'));
      throw new Error('the change is refused');
    });
    await expect(refused).rejects.toThrow('the change is refused');

    await record(order, unavailable('later'));

    expect((await read(order, 2)).map(({ version, payload }) => [version, payload.gateway])).toEqual([
      [3, 'later'],
    ]);
  });
});

test('recording events costs one statement, however many they are', async () => {
  const order = await buildOrder(shop.database);
  const { statements } = await countStatements(shop.database, () =>
    record(order, unavailable('a'), unavailable('b')),
  );
  expect(statements).toHaveLength(3);
});

test('an event exists exactly when its change was committed, with the transaction that wrote it', async () => {
  const order = await buildOrder(shop.database);
  let xid = 0;
  await shop.run(async (transaction) => {
    const current = await row<{ xid: number }>(
      transaction,
      'SELECT pg_current_xact_id()::text::bigint AS xid',
    );
    xid = current!.xid;
    await recordEvents(transaction, ORDER, order.id, unavailable('now'));
    expect(await read(order, 2)).toEqual([]);
  });

  const written = await rows(
    shop.database.manager,
    'SELECT xid FROM events WHERE aggregate_id = $1 AND version = 3',
    [order.id],
  );
  expect(written).toEqual([{ xid }]);
});

test('an order that does not exist has no events and gets none', async () => {
  const ghost = newId();
  await shop.run((transaction) => recordEvents(transaction, ORDER, ghost, unavailable('x')));
  expect(await readEvents(shop.database.manager, ORDER, ghost, 0, 100)).toEqual([]);
});

test('any table with an id and a version can have a history of its own', async () => {
  const PARCEL: Aggregate<{ 'parcel.shipped': { carrier: string }; 'parcel.lost': Record<never, never> }> = {
    type: 'parcel',
    table: 'parcels',
  };
  const order = await buildOrder(shop.database);
  await shop.database.query('CREATE TABLE parcels (id uuid PRIMARY KEY, version integer NOT NULL DEFAULT 0)');
  await shop.database.query('INSERT INTO parcels (id) VALUES ($1)', [order.id]);

  await shop.run((transaction) =>
    recordEvents(
      transaction,
      PARCEL,
      order.id,
      { type: 'parcel.shipped', payload: { carrier: 'post' } },
      { type: 'parcel.lost', payload: {} },
    ),
  );

  expect(await readEvents(shop.database.manager, PARCEL, order.id, 0, 100)).toMatchObject([
    { version: 1, type: 'parcel.shipped', payload: { carrier: 'post' } },
    { version: 2, type: 'parcel.lost', payload: {} },
  ]);
  expect((await read(order)).map(({ version }) => version)).toEqual([1, 2]);
  await shop.database.query('UPDATE parcels SET version = 3');
  const violations = await rows(shop.database.manager, journalHasNoGaps(PARCEL).violations);
  expect(violations).toEqual([{ parcelId: order.id, version: 3, events: 2, oldest: 1, newest: 2 }]);
});

test('the compiler refuses a payload of another type', () => {
  const event: EventOf<{ a: { count: number }; b: { name: string } }> = {
    type: 'a',
    // @ts-expect-error The payload is that of type b.
    payload: { name: 'b' },
  };
  expect(event.type).toBe('a');
});

test('reading begins after a version and stops at a limit', async () => {
  const order = await buildOrder(shop.database, { stage: 'refunded' });

  expect((await read(order, 2, 3)).map(({ version }) => version)).toEqual([3, 4, 5]);
  expect((await read(order, 5)).map(({ version }) => version)).toEqual([6]);
  expect(await read(order, 6)).toEqual([]);
  const [first] = await read(order, 0, 1);
  expect(first!.createdAt).toBeInstanceOf(Date);
});

test('payloads have nothing that the public may not see', async () => {
  const order = await buildOrder(shop.database, { stage: 'paid' });
  const secrets = [
    order.attempt.authority,
    order.cart.id,
    order.placing.clientKey,
    order.placing.requestDigest,
  ];

  const told = JSON.stringify(await read(order));

  for (const secret of secrets) expect(told).not.toContain(secret);
});
