import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { AttemptState } from '../../entities/orders/order-state';
import { newId } from '../../entities/values/uuid';
import { eventually } from '../support/eventually';
import { buildCallback } from '../support/factories/callbacks';
import { drawing } from '../support/random';
import { workflowOf } from '../support/workflow';
import { effectsOf } from './order-effects';
import { buildRequest } from './orders';
import { openWorkflowShop, type Hook, type StepName, type WorkflowShop } from './workflow-shop';

// Many orders at once. Whatever can happen to an order happens in any sequence, and steps fail before or after their work, or
// are slow. The seed is fixed: the same is drawn each time, but not at the same instants.

const SEED = 20_261_123;
const ORDERS = 40;
const WATCH_LATE_MS = 1_500;
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

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
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
    watchLateMs: WATCH_LATE_MS,
    attentionAfterMs: 300,
  });

  const orderIds = await Promise.all(
    Array.from({ length: ORDERS }, async () => {
      const orderId = newId();
      const request = await buildRequest(shop);
      // Where steps were slow, the order may have ended before its buyer hears of it: then the rows tell.
      await eventually(
        () => calls.place(orderId, request),
        ({ kind }) => kind === 'answered' || kind === 'read_again',
      );
      await Promise.allSettled(happeningsOf(orderId).map((happen) => happen()));
      return orderId;
    }),
  );
  shop.reset();
  shop.gateway.sendBackUntaken();

  const ends = await Promise.all(orderIds.map((orderId) => workflowOf(shop, orderId).handle.result()));
  for (const [index, orderId] of orderIds.entries()) await expectEndOf(orderId, ends[index]);
  expect(new Set(ends)).toEqual(new Set(['Placed', 'Cancelled', 'Expired']));
  await shop.assertInvariantsHold();
}, 240_000);

/** What may happen to an order, drawn and shuffled. */
function happeningsOf(orderId: string): (() => Promise<unknown>)[] {
  const calls = shop.calls();
  const { handle } = workflowOf(shop, orderId);
  const attemptAt = async (place: number): Promise<AttemptState | undefined> =>
    (await shop.order(orderId)).attempts[place];
  /** As the callback route does it: first the row, then the message. */
  const comeBack = async (attempt: AttemptState) => {
    const stored = attempt.authority === null ? undefined : await buildCallback(shop.database, { attempt });
    await calls.paymentCallback(orderId, attempt.id, stored?.callbackId ?? newId());
  };
  const pay = (place: number, comesBack: boolean) => async () => {
    const attempt = await attemptAt(place);
    if (!attempt?.authority) return;
    shop.gateway.pay(attempt);
    if (comesBack) await comeBack(attempt);
  };
  const happenings: [number, () => Promise<unknown>][] = [
    [0.5, pay(0, true)],
    [0.3, pay(0, false)],
    [0.4, async () => comeBack((await attemptAt(0))!)],
    [
      0.5,
      async () => {
        await calls.openPayment(orderId, 'another', 'zarinpal');
        await pay(1, draw() < 0.5)();
        const second = await attemptAt(1);
        // Now and then a gateway takes money without being asked, while the shop still watches the attempt.
        if (second?.authority && draw() < 0.3 && isWatched(second)) shop.gateway.capture(second);
      },
    ],
    [0.2, () => calls.cancel(orderId, newId())],
    [0.15, () => handle.cancel()],
    [0.3, () => handle.signal('wake', { attemptIds: [] })],
    [0.2, () => handle.executeUpdate('retry')],
  ];
  return happenings
    .filter(([likelihood]) => draw() < likelihood)
    .map(([, happen]) => ({ happen, turn: draw() }))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ happen }) => happen);
}

/** The last poll of an attempt begins after this, so it sees what the gateway takes now. */
function isWatched({ payableUntil }: AttemptState): boolean {
  return Date.now() < payableUntil + WATCH_LATE_MS;
}

async function expectEndOf(orderId: string, end: string): Promise<void> {
  const { status, attempts } = await shop.order(orderId);
  const effects = await effectsOf(shop, orderId);
  const ofStock = effects.filter((effect) => effect !== 'owed' && effect !== 'refunded').join(' ');
  const settled = attempts.filter((attempt) => attempt.status === 'settled');
  const taken = attempts.filter((attempt) => attempt.authority !== null && shop.gateway.isTaken(attempt));

  expect(end.toLowerCase()).toBe(status);
  expect(ofStock).toMatch(/^held( released held)*( sold| released)$/);
  expect(ofStock.endsWith('sold')).toBe(status === 'placed');
  expect(settled).toHaveLength(status === 'placed' ? 1 : 0);
  expect(taken.map(({ id }) => id)).toEqual(settled.map(({ id }) => id));
  expect(effects.filter((effect) => effect === 'owed')).toHaveLength(
    effects.filter((effect) => effect === 'refunded').length,
  );
}
