import { randomUUID } from 'node:crypto';

import { Client } from 'pg';
import { expect, inject, test } from 'vitest';

import { cartIdOf } from '../../entities/carts/cart-token';
import { cancel } from '../../workflows/checkout/checkout.contract';
import { Buyer, type PlacedByBuyer } from '../support/buyer';
import { buildItem } from '../support/factories/item';
import { journeyShop } from '../support/journey';
import type { Shop } from '../support/shop';
import { databaseUrl } from '../support/templates';
import { sweep, workflowOf } from '../support/workflow';

/** Orders that cannot be read for a while. */
const hidden = new Set<string>();
const journey = journeyShop({
  activities: (real) => ({
    ...real,
    readOrder: (input: never) =>
      hidden.has((input as { orderId: string }).orderId) ? Promise.resolve(null) : real['readOrder']!(input),
  }),
});

/** The tables that hold something of an order. Dropping these rows is what a restore from an older dump does to it. */
const TABLES = {
  payment_callbacks: 'attempt_id IN (SELECT id FROM payment_attempts WHERE order_id = $1)',
  ledger_entries: 'order_id = $1',
  reservations: 'order_id = $1',
  workflow_wakes: 'order_id = $1',
  order_lines: 'order_id = $1',
  events: 'aggregate_id = $1',
  payment_attempts: 'order_id = $1',
  orders: 'id = $1',
};

/** Postgres forgets the order, as after a restore from a dump that is older than it. Its stock was still on the shelf then. */
async function restoreOlderDump({ database }: Shop, { order }: PlacedByBuyer): Promise<void> {
  const [{ name }] = (await database.query('SELECT current_database() AS name')) as [{ name: string }];
  // As the owner: the shop's own role can switch no guard off.
  const owner = new Client({ connectionString: databaseUrl(inject('stack').postgresUrl, name) });
  await owner.connect();
  try {
    await owner.query('BEGIN');
    await owner.query("SET LOCAL session_replication_role = 'replica'");
    await owner.query(
      `UPDATE stock_levels l SET reserved = l.reserved - r.quantity FROM reservations r
       WHERE r.order_id = $1 AND r.state = 'held' AND l.variant_id = r.variant_id AND l.location_id = r.location_id`,
      [order.id],
    );
    await owner.query(
      `UPDATE stock_levels l SET on_hand = l.on_hand + r.quantity, movement_seq = l.movement_seq - 1 FROM reservations r
       WHERE r.order_id = $1 AND r.state = 'committed' AND l.variant_id = r.variant_id AND l.location_id = r.location_id`,
      [order.id],
    );
    await owner.query(
      `DELETE FROM stock_movements m USING reservations r
       WHERE r.order_id = $1 AND m.reason = 'sale' AND m.variant_id = r.variant_id`,
      [order.id],
    );
    // No trigger is on, so the units that the public is told of are counted here.
    await owner.query(
      'SELECT show_availability(array_agg(variant_id)) FROM reservations WHERE order_id = $1',
      [order.id],
    );
    // The dump has the cart as it was before the order was paid.
    await owner.query(
      `INSERT INTO cart_lines (cart_id, variant_id, quantity, seen_price)
       SELECT o.cart_id, l.variant_id, l.quantity, l.unit_price FROM order_lines l JOIN orders o ON o.id = l.order_id
       WHERE o.id = $1 ON CONFLICT DO NOTHING`,
      [order.id],
    );
    for (const [table, condition] of Object.entries(TABLES)) {
      await owner.query(`DELETE FROM ${table} WHERE ${condition}`, [order.id]);
    }
    await owner.query("DELETE FROM processed_steps WHERE key LIKE 'checkout:' || $1::text || ':%'", [
      order.id,
    ]);
    await owner.query('COMMIT');
  } finally {
    await owner.end();
  }
}

async function placeOne(
  shop: Shop,
): Promise<{ buyer: Buyer; key: string; total: number; placed: PlacedByBuyer }> {
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 5 });
  await buyer.put(item);
  const key = randomUUID();
  const { body } = await buyer.checkout(item.price, { key });
  const authority = body.payment.redirect!.split('/').at(-1)!;
  return { buyer, key, total: item.price, placed: { ...body, authority } };
}

test('an order that only Temporal knows is named to its key, and its workflow waits for a person', async () => {
  const { shop } = journey;
  const { buyer, key, total, placed } = await placeOne(shop);
  await restoreOlderDump(shop, placed);

  const again = await buyer.checkout(total, { key });

  expect([again.status, again.body.code, again.body['orderId']]).toEqual([
    409,
    'order.lost',
    placed.order.id,
  ]);
  const workflow = workflowOf(shop, placed.order.id);
  await workflow.untilAttention(true);
  expect(await workflow.read()).toMatchObject({ status: 'RUNNING', orderStatus: 'Lost' });
  expect(await workflow.details()).toContain('`order.lost`');
  expect(await workflow.details()).toContain(placed.authority);
  await expect(workflow.retry()).rejects.toThrow('Workflow Update failed');
  expect((await buyer.checkout(total)).status).toBe(201);

  await workflow.handle.cancel();
  expect(await workflow.untilEnded()).toMatchObject({ status: 'COMPLETED', needsAttention: false });
  expect(await workflow.handle.result()).toBe('Lost');
});

test('a paid order that only Temporal knows is not made a second time, and a person is alerted', async () => {
  const { shop } = journey;
  const { buyer, key, total, placed } = await placeOne(shop);
  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
  await workflowOf(shop, placed.order.id).untilEnded();
  await restoreOlderDump(shop, placed);

  expect((await buyer.checkout(total, { key })).status).toBe(409);
  await workflowOf(shop, placed.order.id).untilAttention(true);
  expect((await buyer.checkout(total, { key })).body.code).toBe('order.lost');
  expect(await shop.metrics.registry.getSingleMetricAsString('asoud_alerts_total')).toMatch(
    /code="order.lost"/,
  );
});

test('a lost order is named to its key although the dump is older than its cart, which alone would be refused', async () => {
  const { shop } = journey;
  const { buyer, key, total, placed } = await placeOne(shop);
  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
  await workflowOf(shop, placed.order.id).untilEnded();
  await restoreOlderDump(shop, placed);
  await shop.database.query('DELETE FROM carts WHERE id = $1', [cartIdOf(buyer.cartToken)]);

  const again = await buyer.checkout(total, { key });

  expect([again.status, again.body.code]).toEqual([409, 'order.lost']);
  await workflowOf(shop, placed.order.id).untilAttention(true);
  expect((await buyer.checkout(total)).body.code).toBe('cart.empty');
});

test('a workflow that finds its order gone at the deadline needs a person', async () => {
  const shop = await journey.shop.withTerms({
    checkout: { authorityLifetimeMs: 1_500, deadlineMarginMs: 0 },
  });
  const { placed } = await placeOne(shop);
  const workflow = workflowOf(shop, placed.order.id);

  await restoreOlderDump(shop, placed);

  await workflow.untilAttention(true);
  expect((await workflow.read()).orderStatus).toBe('Lost');
});

test('an order whose rows are back goes on when a person asks for it', async () => {
  const { shop } = journey;
  const { buyer, placed } = await placeOne(shop);
  const workflow = workflowOf(shop, placed.order.id);
  hidden.add(placed.order.id);
  await workflow.handle.signal('wake', { attemptIds: [] });
  await workflow.untilAttention(true);

  hidden.clear();
  await workflow.retry();

  await workflow.untilAttention(false);
  await workflow.untilShown('AwaitingPayment');
  const paid = await shop.zarinpal.pay(placed.authority);
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
});

test('a lost order that was cancelled in the Temporal UI before is given up by the update', async () => {
  const { shop } = journey;
  const { placed } = await placeOne(shop);
  const workflow = workflowOf(shop, placed.order.id);
  await workflow.handle.cancel();
  await workflow.untilShown('Cancelled');
  await restoreOlderDump(shop, placed);
  await workflow.handle.signal('wake', { attemptIds: [] });
  await workflow.untilAttention(true);

  // Temporal takes a second cancellation and tells nobody.
  await workflow.handle.cancel();
  expect(await workflow.details()).toContain('update `cancel`');
  await expect(workflow.handle.executeUpdate(cancel)).rejects.toMatchObject({
    cause: { type: 'order.lost' },
  });

  expect((await workflow.untilEnded()).status).toBe('COMPLETED');
  expect(await workflow.handle.result()).toBe('Lost');
});

test('a payment that a gateway lists as paid and nobody knows alerts a person once', async () => {
  const { shop } = journey;
  const { placed } = await placeOne(shop);
  await shop.zarinpal.payAndCloseTab(placed.authority);
  await restoreOlderDump(shop, placed);

  await sweep(shop);
  await sweep(shop);

  const { registry } = shop.metrics;
  expect(await registry.getSingleMetricAsString('asoud_alerts_total')).toMatch(
    /code="payment.unknown_authority"\} 1$/m,
  );
  expect(await registry.getSingleMetricAsString('asoud_unknown_payments')).toMatch(
    /gateway="zarinpal"\} 1$/m,
  );
});
