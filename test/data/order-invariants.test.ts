import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { buildOrder } from '../support/factories/orders';
import { guardOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

/** The guard that refuses these statements in one transaction, each with the parameters that it uses. */
const guard = (...statements: (readonly [sql: string, ...parameters: unknown[]])[]) =>
  guardOf(
    shop.run(async (transaction) => {
      for (const [sql, ...parameters] of statements) await rows(transaction, sql, parameters);
    }),
  );

const SETTLE = `UPDATE payment_attempts SET status = 'settled', captured = amount, ref_id = id::text WHERE id = $1`;
const MARK_PAID = `UPDATE orders SET status = 'placed', payment_status = 'paid', settled_attempt_id = $2 WHERE id = $1`;
const LET_GO = `UPDATE reservations SET state = 'released' WHERE order_id = $1`;
const HOLD = `UPDATE reservations SET state = 'held' WHERE order_id = $1`;
const SELL = `UPDATE reservations SET state = 'committed' WHERE order_id = $1`;
const MOVE = 'UPDATE orders SET status = $2 WHERE id = $1';
const takeOver = (column: string) =>
  `UPDATE payment_attempts SET ${column} = (SELECT ${column} FROM payment_attempts WHERE id = $2) WHERE id = $1`;

describe('paid means exactly one settled attempt', () => {
  test('an attempt is not settled alone', async () => {
    const { attemptId } = await buildOrder(shop.database, { stage: 'verifying' });
    expect(await guard([SETTLE, attemptId])).toBe('fk_payment_attempts_settled_order');
  });

  test('an order is not marked paid alone', async () => {
    const { id, attemptId } = await buildOrder(shop.database, { stage: 'verifying' });
    expect(await guard([MARK_PAID, id, attemptId], [SELL, id])).toBe('fk_orders_settled_attempt');
  });

  test("an order is not paid by another order's attempt", async () => {
    const one = await buildOrder(shop.database, { stage: 'verifying' });
    const other = await buildOrder(shop.database, { stage: 'paid' });
    expect(await guard([MARK_PAID, one.id, other.attemptId], [SELL, one.id])).toBe(
      'fk_orders_settled_attempt',
    );
  });

  test('a paid order does not get a second settled attempt', async () => {
    const { attemptId } = await buildOrder(shop.database, { stage: 'paid' });
    const another = `INSERT INTO payment_attempts
        (id, order_id, gateway, status, authority, amount, captured, currency, payable_until)
      SELECT $1, order_id, gateway, $2, 'another', amount, $3, currency, payable_until
      FROM payment_attempts WHERE id = $4`;
    expect(await guard([another, newId(), 'settled', 500_000, attemptId])).toBe(
      'uq_payment_attempts_one_capture',
    );
    expect(await guard([another, newId(), 'verifying', 0, attemptId])).toBe(
      'uq_payment_attempts_one_capture',
    );
  });

  test('a paid order does not lose its settled attempt', async () => {
    const { id } = await buildOrder(shop.database, { stage: 'paid' });
    expect(await guard(['UPDATE orders SET settled_attempt_id = NULL WHERE id = $1', id])).toBe(
      'ck_orders_unpaid',
    );
    expect(await guard([`UPDATE orders SET payment_status = 'unpaid' WHERE id = $1`, id])).toBe(
      'ck_orders_unpaid',
    );
  });

  test('an order is not placed without being paid', async () => {
    const { id } = await buildOrder(shop.database, { stage: 'open' });
    expect(await guard([MOVE, id, 'placed'])).toBe('ck_orders_unpaid_status');
  });
});

describe('an order that awaits payment holds exactly its lines, and no other order holds anything', () => {
  test('its stock is not released alone', async () => {
    const { id } = await buildOrder(shop.database);
    expect(await guard([LET_GO, id])).toBe(`order ${id} awaits payment without holding exactly its lines`);
  });

  test.each(['expired', 'cancelled'])('it does not become %s alone', async (status) => {
    const { id } = await buildOrder(shop.database);
    expect(await guard([MOVE, id, status])).toBe('fk_reservations_held_order');
  });

  test('it is not reopened alone', async () => {
    const { id } = await buildOrder(shop.database, { stage: 'expired' });
    expect(await guard([MOVE, id, 'awaiting_payment'])).toBe(
      `order ${id} awaits payment without holding exactly its lines`,
    );
  });

  test.each(['expired', 'cancelled', 'paid'] as const)('an order that is %s holds nothing', async (stage) => {
    const { id } = await buildOrder(shop.database, { stage });
    expect(await guard([HOLD, id])).toBe('fk_reservations_held_order');
  });

  test.each(['quantity + 1', 'quantity - 1'])('it does not hold %s of a line', async (quantity) => {
    const { id } = await buildOrder(shop.database);
    expect(await guard([`UPDATE reservations SET quantity = ${quantity} WHERE order_id = $1`, id])).toContain(
      'without holding exactly its lines',
    );
  });

  test('a line is neither increased nor added without being held', async () => {
    const { id } = await buildOrder(shop.database);
    const other = await buildOrder(shop.database);
    expect(await guard(['UPDATE order_lines SET quantity = quantity + 1 WHERE order_id = $1', id])).toContain(
      'without holding exactly its lines',
    );
    const join = `INSERT INTO order_lines (order_id, variant_id, sku, title, quantity, unit_price)
      SELECT $1, variant_id, sku, title, quantity, unit_price FROM order_lines WHERE order_id = $2`;
    expect(await guard([join, id, other.id])).toContain('without holding exactly its lines');
  });

  test('an order is not inserted without holding its lines', async () => {
    const { id, cart } = await buildOrder(shop.database, { stage: 'paid' });
    const copyOrder = `INSERT INTO orders
        (id, cart_id, request_digest, client_key, status, payment_status, total, currency, payment_deadline)
      SELECT $1, $2, request_digest, client_key, 'awaiting_payment', 'unpaid', total, currency, payment_deadline
      FROM orders WHERE id = $3`;
    const copyLines = `INSERT INTO order_lines (order_id, variant_id, sku, title, quantity, unit_price)
      SELECT $1, variant_id, sku, title, quantity, unit_price FROM order_lines WHERE order_id = $2`;
    const copy = newId();
    expect(await guard([copyOrder, copy, cart.id, id], [copyLines, copy, id])).toContain(
      'without holding exactly its lines',
    );
  });
});

describe('stock', () => {
  const level = 'UPDATE stock_levels SET reserved = $2 WHERE variant_id = $1';

  test('is not reserved beyond the stock on hand, nor below zero', async () => {
    const { lines } = await buildOrder(shop.database);
    const variantId = lines[0]!.variant.id;
    expect(await guard([level, variantId, 11])).toBe('ck_stock_levels_reserved');
    expect(await guard([level, variantId, -1])).toBe('ck_stock_levels_reserved');
    expect(await guard(['UPDATE stock_levels SET on_hand = 1 WHERE variant_id = $1', variantId])).toBe(
      'ck_stock_levels_reserved',
    );
  });

  test('movements are never changed or removed', async () => {
    const { lines } = await buildOrder(shop.database, { stage: 'paid' });
    const variantId = lines[0]!.variant.id;
    expect(await guard(['UPDATE stock_movements SET delta = 1 WHERE variant_id = $1', variantId])).toContain(
      'never changed',
    );
    expect(await guard(['DELETE FROM stock_movements WHERE variant_id = $1', variantId])).toContain(
      'never changed',
    );
  });

  test('a movement of zero, below zero, or of the same act twice is not booked', async () => {
    const { id, lines } = await buildOrder(shop.database, { stage: 'paid' });
    const book = `INSERT INTO stock_movements (variant_id, location_id, seq, delta, on_hand_after, reason, ref, cause)
      SELECT variant_id, location_id, 99, $2, $3, $4::varchar, $5, CASE WHEN $4 = 'correction' THEN 'lost' END FROM stock_levels WHERE variant_id = $1`;
    const variantId = lines[0]!.variant.id;
    expect(await guard([book, variantId, 0, 5, 'correction', 'x'])).toBe('ck_stock_movements_delta');
    expect(await guard([book, variantId, -1, -1, 'correction', 'x'])).toBe(
      'ck_stock_movements_on_hand_after',
    );
    expect(await guard([book, variantId, -2, 6, 'sale', id])).toBe('uq_stock_movements_act');
    expect(await guard([book, variantId, -2, 6, 'theft', 'x'])).toBe('ck_stock_movements_reason');
  });
});

describe('money', () => {
  test('ledger entries are never changed or removed', async () => {
    const { id } = await buildOrder(shop.database, { stage: 'paid' });
    expect(await guard(['UPDATE ledger_entries SET amount = 1 WHERE order_id = $1', id])).toContain(
      'never changed',
    );
    expect(await guard(['DELETE FROM ledger_entries WHERE order_id = $1', id])).toContain('never changed');
  });

  test('is not posted twice, nor from an account to itself, nor as zero', async () => {
    const { id, attemptId } = await buildOrder(shop.database, { stage: 'paid' });
    const post = `INSERT INTO ledger_entries (posting_key, line, order_id, debit_account, credit_account, amount, currency)
      VALUES ($1, 1, $2, $3, 'sales', $4, 'IRR')`;
    expect(await guard([post, `capture:${attemptId}`, id, 'gateway:zarinpal', 1])).toBe(
      'uq_ledger_entries_posting',
    );
    expect(await guard([post, 'x', id, 'sales', 1])).toBe('ck_ledger_entries_accounts');
    expect(await guard([post, 'x', id, 'gateway:zarinpal', 0])).toBe('ck_ledger_entries_amount');
  });

  test('is not refunded beyond what was captured, and captured only when settled or surplus', async () => {
    const surplus = await buildOrder(shop.database, { stage: 'surplus' });
    const open = await buildOrder(shop.database, { stage: 'open' });
    const moving = 'UPDATE payment_attempts SET refund_pending = $2, refunded = $3 WHERE id = $1';
    expect(await guard([moving, surplus.attemptId, 1, 500_000])).toBe('ck_payment_attempts_captured');
    expect(await guard([moving, surplus.attemptId, 500_001, 0])).toBe('ck_payment_attempts_captured');
    expect(await guard([moving, surplus.attemptId, -1, 0])).toBe('ck_payment_attempts_captured');
    expect(await guard(['UPDATE payment_attempts SET captured = amount WHERE id = $1', open.attemptId])).toBe(
      'ck_payment_attempts_captured_status',
    );
  });

  test("a gateway's authority and receipt belong to one attempt", async () => {
    const one = await buildOrder(shop.database, { stage: 'paid' });
    const other = await buildOrder(shop.database, { stage: 'surplus' });
    expect(await guard([takeOver('authority'), one.attemptId, other.attemptId])).toBe(
      'uq_payment_attempts_authority',
    );
    expect(await guard([takeOver('ref_id'), one.attemptId, other.attemptId])).toBe('uq_payment_attempts_ref');
  });

  test('a cart has one open order', async () => {
    const one = await buildOrder(shop.database);
    const other = await buildOrder(shop.database);
    expect(await guard(['UPDATE orders SET cart_id = $2 WHERE id = $1', one.id, other.cart.id])).toBe(
      'uq_orders_open_per_cart',
    );
  });
});

test('events are never changed', async () => {
  const { id } = await buildOrder(shop.database);
  expect(await guard([`UPDATE events SET type = 'order.paid' WHERE aggregate_id = $1`, id])).toContain(
    'never changed',
  );
});
