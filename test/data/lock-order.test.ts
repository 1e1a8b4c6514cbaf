import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { beginCapture } from '../../entities/checkout/begin-capture';
import { closeAttempt } from '../../entities/checkout/close-attempt';
import { closeOrder } from '../../entities/checkout/close-order';
import { confirmOrder } from '../../entities/checkout/confirm-order';
import { openAttempt } from '../../entities/checkout/open-attempt';
import { placeOrder } from '../../entities/checkout/place-order';
import { recordAuthority } from '../../entities/checkout/record-authority';
import { recordSurplus } from '../../entities/checkout/record-surplus';
import { recordRefunded } from '../../entities/checkout/refund-surplus';
import { refuseAttempt } from '../../entities/checkout/refuse-attempt';
import type { Transaction } from '../../entities/sql';
import { postgresCode } from '../../platform/postgres-errors';
import {
  buildAuthority,
  buildOrder,
  buildPlacing,
  buildRefId,
  GATEWAY_LIMITS,
  type BuiltOrder,
  type OrderStage,
} from '../support/factories/orders';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

/**
 * Every transaction locks in one order: step key, cart, order, attempts, stock by variant. A transaction that waits for one
 * of them must not hold a later one. Two that take cart and order the other way round would deadlock.
 */
const LOCKS = {
  cart: 'SELECT 1 FROM carts c JOIN orders o ON o.cart_id = c.id WHERE o.id = $1 FOR UPDATE OF c',
  order: 'SELECT 1 FROM orders WHERE id = $1 FOR UPDATE',
  attempts: 'SELECT 1 FROM payment_attempts WHERE order_id = $1 FOR UPDATE',
  stock: `SELECT 1 FROM stock_levels WHERE (variant_id, location_id) IN (
    SELECT variant_id, location_id FROM reservations WHERE order_id = $1) FOR UPDATE`,
} as const;
type Lock = keyof typeof LOCKS;
const ORDER = Object.keys(LOCKS) as Lock[];

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

interface Operation {
  readonly name: string;
  readonly stage: OrderStage;
  readonly run: (transaction: Transaction, order: BuiltOrder) => Promise<unknown>;
  /** What it must wait for. It may lock more than this. */
  readonly locks: readonly Lock[];
}

const of = ({ id, attemptId }: BuiltOrder) => ({ orderId: id, attemptId });

const OPERATIONS: readonly Operation[] = [
  {
    name: 'placing another order of the cart',
    stage: 'expired',
    locks: ['cart', 'stock'],
    run: (transaction, order) =>
      placeOrder(transaction, buildPlacing(order.cart, order.lines), GATEWAY_LIMITS),
  },
  {
    name: 'opening another attempt',
    stage: 'open',
    locks: ['order'],
    run: (transaction, order) =>
      openAttempt(
        transaction,
        {
          orderId: order.id,
          cause: 'x',
          gateway: 'zarinpal',
          payableMs: 1,
          attemptsAtMost: 9,
          longestOpenMs: 10_000_000,
        },
        GATEWAY_LIMITS,
      ),
  },
  {
    name: 'recording an authority',
    stage: 'requesting',
    locks: ['order', 'attempts'],
    run: (transaction, order) =>
      recordAuthority(transaction, {
        ...of(order),
        authority: buildAuthority(),
        redirectUrl: null,
        payableMs: 1,
        holdGraceMs: 1,
      }),
  },
  {
    name: 'beginning a capture',
    stage: 'open',
    locks: ['order', 'attempts'],
    run: (transaction, order) => beginCapture(transaction, { ...of(order), moneyIsThere: false }),
  },
  {
    name: 'taking an expired order up again',
    stage: 'expired',
    locks: ['cart', 'order', 'attempts', 'stock'],
    run: (transaction, order) => beginCapture(transaction, { ...of(order), moneyIsThere: true }),
  },
  {
    name: 'confirming an order',
    stage: 'verifying',
    locks: ['cart', 'order', 'attempts', 'stock'],
    run: (transaction, order) => confirmOrder(transaction, { ...of(order), refId: buildRefId() }),
  },
  {
    name: 'cancelling an order',
    stage: 'open',
    locks: ['order', 'attempts', 'stock'],
    run: (transaction, order) =>
      closeOrder(transaction, { ...of(order), placeKey: order.placeKey, as: 'cancelled' }),
  },
  {
    name: 'refusing an attempt',
    stage: 'open',
    locks: ['order', 'attempts'],
    run: (transaction, order) => refuseAttempt(transaction, { ...of(order), reason: 'decided_by_staff' }),
  },
  {
    name: 'closing an attempt',
    stage: 'requesting',
    locks: ['order', 'attempts'],
    run: (transaction, order) => closeAttempt(transaction, { ...of(order), failureCode: 'x' }),
  },
  {
    name: 'booking a surplus',
    stage: 'cancelled',
    locks: ['order', 'attempts'],
    run: (transaction, order) => recordSurplus(transaction, of(order)),
  },
  {
    name: 'booking a refund',
    stage: 'surplus',
    locks: ['order', 'attempts'],
    run: (transaction, order) => recordRefunded(transaction, of(order)),
  },
];

const CASES = OPERATIONS.flatMap((operation) => operation.locks.map((lock) => ({ ...operation, lock })));

describe('locks are taken in one order', () => {
  test.each(CASES)('$name waits for the $lock without holding a later lock', async ({ stage, run, lock }) => {
    const order = await buildOrder(shop.database, { stage });
    const later = ORDER.slice(ORDER.indexOf(lock) + 1);
    const held: Lock[] = [];

    const { waited, second } = await interleave(
      shop,
      (transaction) => rows(transaction, LOCKS[lock], [order.id]),
      (transaction) => run(transaction, order),
      async () => {
        for (const one of later) if (!(await isFree(one, order))) held.push(one);
      },
    );

    expect(waited).toBe(true);
    expect(held).toEqual([]);
    expect(second.status).toBe('fulfilled');
  });
});

/** Whether no transaction holds it now. */
async function isFree(lock: Lock, order: BuiltOrder): Promise<boolean> {
  try {
    await shop.run((transaction) => rows(transaction, `${LOCKS[lock]} NOWAIT`, [order.id]));
    return true;
  } catch (error) {
    if (postgresCode(error) === '55P03') return false;
    throw error;
  }
}
