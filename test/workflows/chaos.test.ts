import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { eventually } from '../support/eventually';
import { drawing } from '../support/random';
import { buildRequest, openFakeShop, workflowOf, type Hook, type FakeShop, type StepName } from './fake-shop';

// Many orders at once, each with whatever may come to it in any order, over steps that fail before they did anything, or
// after, or take their time. The seed is fixed: what is drawn is the same each time, when it happens is not.

const SEED = 20_261_123;
const ORDERS = 40;
const STEPS: StepName[] = [
  'placeOrder',
  'openAttempt',
  'recordAuthority',
  'closeAttempt',
  'beginCapture',
  'reopenAttempt',
  'confirmOrder',
  'refuseAttempt',
  'closeOrder',
  'recordSurplus',
  'beginRefund',
  'recordRefunded',
  'requestPayment',
  'verifyPayment',
  'inquirePayment',
  'reversePayment',
];

let shop: FakeShop;
beforeAll(async () => {
  shop = await openFakeShop();
});
afterAll(() => shop?.close());

const draw = drawing(SEED);

const trouble: Hook = async () => {
  const fate = draw();
  if (fate < 0.08) throw new Error('the connection was lost');
  if (fate < 0.16) await pause(draw() * 150);
};

test('whatever happens to an order, it is sold or given up, and money that is not for it goes back', async () => {
  for (const step of STEPS) {
    shop.before.set(step, trouble);
    shop.after.set(step, trouble);
  }
  const calls = shop.calls({
    payableMs: 2_500,
    holdGraceMs: 100,
    pollEveryMs: 400,
    watchLateMs: 1_500,
    attentionAfterMs: 300,
  });

  const orderIds = await Promise.all(
    Array.from({ length: ORDERS }, async () => {
      const orderId = newId();
      const request = buildRequest();
      await eventually(
        () => calls.place(orderId, request, 'asker'),
        ({ kind }) => kind === 'answered',
      );
      await Promise.allSettled(eventsOf(orderId).map((happen) => happen()));
      return orderId;
    }),
  );
  shop.before.clear();
  shop.after.clear();
  shop.gateway.sendBackUntaken();

  const ends = await Promise.all(orderIds.map((orderId) => workflowOf(shop, orderId).result()));
  for (const [index, orderId] of orderIds.entries()) expectEndOf(orderId, ends[index]!);
  expect(new Set(ends)).toEqual(new Set(['Placed', 'Cancelled', 'Expired']));
}, 120_000);

/** What may come to an order, drawn and shuffled. */
function eventsOf(orderId: string): (() => Promise<unknown>)[] {
  const calls = shop.calls();
  const payAndComeBack = (place: number, comesBack: boolean) => async () => {
    const attempt = shop.rows.order(orderId).attempts[place];
    if (!attempt?.authority) return;
    shop.gateway.pay(attempt.authority);
    if (comesBack) await calls.paymentCallback(orderId, attempt.id, newId());
  };
  const happenings: [number, () => Promise<unknown>][] = [
    [0.5, payAndComeBack(0, true)],
    [0.3, payAndComeBack(0, false)],
    [0.4, () => calls.paymentCallback(orderId, shop.rows.order(orderId).attempts[0]!.id, newId())],
    [
      0.5,
      async () => {
        await calls.openPayment(orderId, 'another', 'zarinpal');
        await payAndComeBack(1, draw() < 0.5)();
        const second = shop.rows.order(orderId).attempts[1];
        // Now and then a gateway takes money without being asked.
        if (second?.authority && draw() < 0.3) shop.gateway.capture(second.authority);
      },
    ],
    [0.2, () => calls.cancel(orderId, newId())],
    [0.15, () => workflowOf(shop, orderId).cancel()],
    [0.3, () => workflowOf(shop, orderId).signal('wake', { attemptIds: [] })],
    [0.2, () => workflowOf(shop, orderId).executeUpdate('retry')],
  ];
  return happenings
    .filter(([likelihood]) => draw() < likelihood)
    .map(([, happen]) => ({ happen, turn: draw() }))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ happen }) => happen);
}

function expectEndOf(orderId: string, end: string): void {
  const { status, attempts } = shop.rows.order(orderId);
  const effects = shop.rows.effects(orderId);
  const ofStock = effects.filter((effect) => effect !== 'owed' && effect !== 'refunded').join(' ');
  const settled = attempts.filter((attempt) => attempt.status === 'settled');
  const taken = attempts.filter(({ authority }) => authority !== null && shop.gateway.isTaken(authority));

  expect(end.toLowerCase()).toBe(status);
  expect(ofStock).toMatch(/^held( released held)*( sold| released)$/);
  expect(ofStock.endsWith('sold')).toBe(status === 'placed');
  expect(settled).toHaveLength(status === 'placed' ? 1 : 0);
  expect(taken.map(({ id }) => id)).toEqual(settled.map(({ id }) => id));
  expect(effects.filter((effect) => effect === 'owed')).toHaveLength(
    effects.filter((effect) => effect === 'refunded').length,
  );
}
