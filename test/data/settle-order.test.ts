import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { beginCapture } from '../../entities/checkout/begin-capture';
import { closeOrder } from '../../entities/checkout/close-order';
import { confirmOrder, type ConfirmOrder } from '../../entities/checkout/confirm-order';
import { openAttempt } from '../../entities/checkout/open-attempt';
import { recordAuthority } from '../../entities/checkout/record-authority';
import { refuseAttempt } from '../../entities/checkout/refuse-attempt';
import { reopenAttempt } from '../../entities/checkout/reopen-attempt';
import { settleOrder } from '../../entities/checkout/settle-order';
import { readEvents } from '../../entities/events/read-events';
import { requireOrderState } from '../../entities/orders/order-state';
import { ORDER } from '../../entities/orders/orders.events';
import { buildCallback } from '../support/factories/callbacks';
import {
  buildAuthority,
  buildOrder,
  buildRefId,
  GATEWAY_LIMITS,
  type BuiltOrder,
} from '../support/factories/orders';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { interleave } from '../support/interleave';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const receipt = (order: BuiltOrder, overrides: Partial<ConfirmOrder> = {}): ConfirmOrder => ({
  orderId: order.id,
  attemptId: order.attemptId,
  refId: buildRefId(),
  ...overrides,
});
const confirm = (input: ConfirmOrder) => shop.run((transaction) => confirmOrder(transaction, input));

async function openAnother(order: BuiltOrder, cause: string): Promise<string> {
  const { attemptId } = await shop.run((transaction) =>
    openAttempt(
      transaction,
      {
        orderId: order.id,
        cause,
        gateway: 'zarinpal',
        payableMs: 1_000,
        attemptsAtMost: 9,
        longestOpenMs: 3_600_000,
      },
      GATEWAY_LIMITS,
    ),
  );
  return attemptId;
}

const cartOf = (order: BuiltOrder) =>
  rows<{ variantId: string; quantity: number }>(
    shop.database.manager,
    'SELECT variant_id AS "variantId", quantity FROM cart_lines WHERE cart_id = $1 ORDER BY variant_id',
    [order.cart.id],
  );
const versionOf = async (order: BuiltOrder) =>
  (await row<{ version: number }>(shop.database.manager, 'SELECT version FROM carts WHERE id = $1', [
    order.cart.id,
  ]))!.version;

describe('a captured attempt that is confirmed', () => {
  test('pays its order', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });

    const paid = await confirm(receipt(order, { cardPan: '502229******5995', fee: 3_000 }));

    expect(paid).toMatchObject({
      status: 'placed',
      paymentStatus: 'paid',
      attempts: [{ id: order.attemptId, status: 'settled', failureCode: null }],
    });
    const stored = await row(
      shop.database.manager,
      `SELECT p.captured, p.card_pan AS "cardPan", p.fee, o.settled_attempt_id = p.id AS settles, o.paid_at >= o.created_at AS "isTimed"
       FROM payment_attempts p JOIN orders o ON o.id = p.order_id WHERE p.id = $1`,
      [order.attemptId],
    );
    expect(stored).toEqual({
      captured: order.state.total,
      cardPan: '502229******5995',
      fee: 3_000,
      settles: true,
      isTimed: true,
    });
  });

  test('is posted once, from sales to the account of the gateway', async () => {
    const order = await buildOrder(shop.database, { stage: 'paid' });
    const entries = await rows(
      shop.database.manager,
      `SELECT posting_key AS "postingKey", debit_account AS debit, credit_account AS credit, amount
       FROM ledger_entries WHERE order_id = $1`,
      [order.id],
    );
    expect(entries).toEqual([
      {
        postingKey: `capture:${order.attemptId}`,
        debit: 'gateway:zarinpal',
        credit: 'sales',
        amount: order.state.total,
      },
    ]);
  });

  test('sells the reserved stock: one movement a line', async () => {
    const lines = [
      { variant: await buildStockedVariant(shop.database, { stock: 7 }), quantity: 3 },
      { variant: await buildStockedVariant(shop.database, { stock: 2 }), quantity: 2 },
    ];
    const order = await buildOrder(shop.database, { stage: 'paid', lines });

    const levels = await rows(
      shop.database.manager,
      `SELECT l.on_hand AS "onHand", l.reserved, m.delta, m.on_hand_after AS "onHandAfter", m.seq, r.state
       FROM stock_movements m JOIN stock_levels l USING (variant_id, location_id)
         JOIN reservations r USING (variant_id, location_id)
       WHERE m.reason = 'sale' AND m.ref = $1 ORDER BY variant_id`,
      [order.id],
    );

    expect(levels).toEqual([
      { onHand: 4, reserved: 0, delta: -3, onHandAfter: 4, seq: 2, state: 'committed' },
      { onHand: 0, reserved: 0, delta: -2, onHandAfter: 0, seq: 2, state: 'committed' },
    ]);
  });

  test('has an event with the amount and the receipt', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });
    const input = receipt(order);
    const paid = await confirm(input);

    const [event] = await readEvents(shop.database.manager, ORDER, order.id, paid.version - 1, 10);

    expect(event).toMatchObject({
      type: 'order.paid',
      payload: {
        attemptId: order.attemptId,
        gateway: 'zarinpal',
        amount: { amount: paid.total, currency: 'IRR' },
        refId: input.refId,
      },
    });
  });

  test('marks every callback to any attempt of the order as processed', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });
    await buildCallback(shop.database, order);

    const paid = await confirm(receipt(order));

    expect(paid.attempts).toMatchObject([{ hasCallback: false }]);
  });
});

describe('the cart of a paid order', () => {
  test('loses what was bought', async () => {
    const order = await buildOrder(shop.database, { stage: 'paid' });
    expect(await cartOf(order)).toEqual([]);
    expect(await versionOf(order)).toBe(order.cart.version + 1);
  });

  test('that was changed during the payment keeps what was added', async () => {
    const kept = await buildStockedVariant(shop.database);
    const order = await buildOrder(shop.database, { stage: 'verifying' });
    const [line] = order.lines;
    await rows(shop.database.manager, 'UPDATE cart_lines SET quantity = 5 WHERE cart_id = $1', [
      order.cart.id,
    ]);
    await rows(
      shop.database.manager,
      'INSERT INTO cart_lines (cart_id, variant_id, quantity, seen_price) VALUES ($1, $2, 1, 0)',
      [order.cart.id, kept.id],
    );

    await confirm(receipt(order));

    expect(await cartOf(order)).toEqual(
      [
        { variantId: line!.variant.id, quantity: 5 - line!.quantity },
        { variantId: kept.id, quantity: 1 },
      ].toSorted((one, other) => (one.variantId < other.variantId ? -1 : 1)),
    );
  });

  test('that holds fewer than were bought loses the line, and one that holds none stays as it is', async () => {
    const fewer = await buildOrder(shop.database, { stage: 'verifying' });
    const none = await buildOrder(shop.database, { stage: 'verifying' });
    await rows(shop.database.manager, 'UPDATE cart_lines SET quantity = 1 WHERE cart_id = $1', [
      fewer.cart.id,
    ]);
    await rows(shop.database.manager, 'DELETE FROM cart_lines WHERE cart_id = $1', [none.cart.id]);

    await confirm(receipt(fewer));
    await confirm(receipt(none));

    expect(await cartOf(fewer)).toEqual([]);
    expect(await versionOf(none)).toBe(none.cart.version);
  });

  test('may be gone', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });
    await rows(shop.database.manager, 'DELETE FROM carts WHERE id = $1', [order.cart.id]);
    expect((await confirm(receipt(order))).paymentStatus).toBe('paid');
  });
});

test('the other attempts of a paid order are refused or closed, and those with a page have an event', async () => {
  const order = await buildOrder(shop.database);
  const open = await openAnother(order, 'open');
  await shop.run((transaction) =>
    recordAuthority(transaction, {
      orderId: order.id,
      attemptId: open,
      authority: buildAuthority(),
      redirectUrl: null,
      payableMs: 1_000,
      holdGraceMs: 0,
    }),
  );
  const requesting = await openAnother(order, 'requesting');
  await shop.run((transaction) =>
    beginCapture(transaction, { orderId: order.id, attemptId: order.attemptId, moneyIsThere: false }),
  );

  const paid = await confirm(receipt(order));

  expect(Object.fromEntries(paid.attempts.map(({ id, status }) => [id, status]))).toEqual({
    [order.attemptId]: 'settled',
    [open]: 'refused',
    [requesting]: 'closed',
  });
  const events = await readEvents(shop.database.manager, ORDER, order.id, 0, 100);
  expect(events.slice(-2)).toMatchObject([
    { type: 'order.paid' },
    { type: 'order.payment_refused', payload: { attemptId: open, reason: 'order_paid_otherwise' } },
  ]);
});

describe('confirming is refused', () => {
  test.each(['requesting', 'open', 'paid', 'expired', 'cancelled', 'surplus'] as const)(
    'for an order that is %s, and changes nothing',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      expect(await refusalOf(confirm(receipt(order)))).toMatchObject({ code: 'order.not_awaiting_payment' });
      expect(await requireOrderState(shop.database.manager, order.id)).toEqual(order.state);
    },
  );

  test('when the receipt belongs to another order, and changes nothing', async () => {
    const paid = await buildOrder(shop.database, { stage: 'verifying' });
    const input = receipt(paid);
    await confirm(input);
    const order = await buildOrder(shop.database, { stage: 'verifying' });

    expect(await refusalOf(confirm(receipt(order, { refId: input.refId })))).toMatchObject({
      code: 'payment.reference_taken',
    });
    expect(await requireOrderState(shop.database.manager, order.id)).toEqual(order.state);
  });

  test("by another order's attempt", async () => {
    const one = await buildOrder(shop.database, { stage: 'verifying' });
    const other = await buildOrder(shop.database, { stage: 'verifying' });
    const crossed = receipt(one, { attemptId: other.attemptId });
    expect(await refusalOf(confirm(crossed))).toMatchObject({ code: 'order.not_awaiting_payment' });
  });

  test('for all but one of twenty confirmations of one attempt at once', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });
    const input = receipt(order);

    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => confirm(input)));

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'order.not_awaiting_payment' });
    }
  });
});

describe('confirming, with other changes of the same order', () => {
  test('confirming after closing is refused', async () => {
    const order = await buildOrder(shop.database);
    await shop.run((transaction) =>
      closeOrder(transaction, { orderId: order.id, placeKey: 'x', as: 'expired' }),
    );
    expect(await refusalOf(confirm(receipt(order)))).toMatchObject({ code: 'order.not_awaiting_payment' });
  });

  test.each(['cancelled', 'expired'] as const)(
    'being %s waits for a confirmation and then does nothing',
    async (as) => {
      const order = await buildOrder(shop.database, { stage: 'verifying' });

      const race = await interleave(
        shop,
        (transaction) => confirmOrder(transaction, receipt(order)),
        (transaction) => closeOrder(transaction, { orderId: order.id, placeKey: order.placeKey, as }),
      );

      expect(race.waited).toBe(true);
      expect(race.second).toMatchObject(
        as === 'expired'
          ? { status: 'fulfilled', value: { status: 'placed', paymentStatus: 'paid' } }
          : {
              status: 'rejected',
              reason: { code: 'order.not_cancellable', details: { orderStatus: 'placed' } },
            },
      );
    },
  );

  test('a confirmation that waits while the attempt is refused gets a code, not the error of a guard', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });

    const race = await interleave(
      shop,
      (transaction) =>
        refuseAttempt(transaction, {
          orderId: order.id,
          attemptId: order.attemptId,
          reason: 'decided_by_staff',
        }),
      (transaction) => confirmOrder(transaction, receipt(order)),
    );

    expect(race).toMatchObject({
      waited: true,
      second: { status: 'rejected', reason: { code: 'order.not_awaiting_payment' } },
    });
  });

  test('a confirmation that waits while the attempt is reopened gets a code, not the error of a guard', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });

    const race = await interleave(
      shop,
      (transaction) =>
        reopenAttempt(transaction, {
          orderId: order.id,
          attemptId: order.attemptId,
          captureRound: 1,
          failureCode: '-51',
        }),
      (transaction) => confirmOrder(transaction, receipt(order)),
    );

    expect(race).toMatchObject({
      waited: true,
      second: { status: 'rejected', reason: { code: 'order.not_awaiting_payment' } },
    });
  });

  test('settling what cannot be settled returns false without a refusal', async () => {
    const order = await buildOrder(shop.database);
    expect(
      await shop.run((transaction) => settleOrder(transaction, order.id, order.attemptId, { refId: 'x' })),
    ).toBe(false);
  });
});
