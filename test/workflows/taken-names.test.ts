import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import type { CheckoutTiming } from '../../workflows/checkout/checkout.contract';
import { eventually } from '../support/eventually';
import { receiptOf } from './fake-gateway';
import { buildRunningOrder } from './orders';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;
/** The authority of another payment, which has paid its order. */
let taken: string;

beforeAll(async () => {
  shop = await openWorkflowShop();
  shop.gateway.buyersPayAtOnce = true;
  const { orderId, calls, first } = await buildRunningOrder(shop);
  await calls.paymentCallback(orderId, first.id, newId());
  taken = first.authority!;
});
afterAll(() => shop?.close());
beforeEach(() => shop.reset());
afterEach(() => shop.assertInvariantsHold());

const untilOneAlert = () =>
  eventually(
    () => shop.runsOf('raiseAlert'),
    (alerts) => alerts === 1,
  );

describe('a receipt that belongs to another payment', () => {
  async function buildTaken(timing: Partial<CheckoutTiming> = {}) {
    shop.gateway.buyersPayAtOnce = true;
    shop.gateway.onlyReceipt = receiptOf(taken);
    const order = await buildRunningOrder(shop, { timing });
    const callback = await order.calls.paymentCallback(order.orderId, order.first.id, newId());
    await order.workflow.untilAttention(true);
    return { ...order, callback };
  }

  test('leaves the buyer waiting and alerts a person, who reads what to do', async () => {
    const { orderId, callback, workflow } = await buildTaken();

    expect(callback).toMatchObject({
      kind: 'answered',
      answer: { order: { status: 'awaiting_payment', attempts: [{ status: 'verifying' }] } },
    });
    expect(await workflow.details()).toMatch(
      /its receipt R-P\d+ belongs to another payment \(`payment.reference_taken`\).*`retry`.*`decide` with `not_paid`/,
    );
    await untilOneAlert();
    expect((await shop.order(orderId)).paymentStatus).toBe('unpaid');
  });

  test('is not polled again by itself, not even at the deadline', async () => {
    const { orderId, workflow } = await buildTaken({ payableMs: 1_000, holdGraceMs: 0, pollEveryMs: 50 });

    const polls = shop.runsOf('verifyPayment');
    const { paymentDeadline } = await shop.order(orderId);
    await eventually(Date.now, (now) => now > paymentDeadline + 300);

    expect(shop.runsOf('verifyPayment')).toBe(polls);
    expect((await shop.order(orderId)).status).toBe('awaiting_payment');
    expect(await workflow.read()).toMatchObject({ status: 'RUNNING' });
  });

  test('tells a buyer who comes back again at once that the payment is not clear yet', async () => {
    const { orderId, calls, first } = await buildTaken();

    const again = await calls.paymentCallback(orderId, first.id, newId());

    expect(again).toMatchObject({ answer: { order: { attempts: [{ status: 'verifying' }] } } });
    expect(shop.runsOf('verifyPayment')).toBe(1);
  });

  test('is polled again for an operator, without another alert while it is still taken', async () => {
    const { orderId, workflow } = await buildTaken();

    await workflow.retry();
    await eventually(
      () => shop.runsOf('confirmOrder'),
      (runs) => runs >= 2,
    );
    expect(shop.runsOf('verifyPayment')).toBe(2);
    shop.gateway.onlyReceipt = undefined;
    await workflow.retry();

    expect(await workflow.handle.result()).toBe('Placed');
    expect([shop.runsOf('verifyPayment'), shop.runsOf('raiseAlert')]).toEqual([3, 1]);
    expect((await shop.order(orderId)).attempts[0]?.status).toBe('settled');
    await workflow.untilAttention(false);
  });

  test('is closed when an operator finds the money to be another’s, and watched no further', async () => {
    const { orderId, calls, first, workflow } = await buildTaken({
      payableMs: 1_000,
      holdGraceMs: 0,
      pollEveryMs: 50,
      watchLateMs: 60_000,
    });

    await workflow.decide(first.id, 'not_paid');

    expect((await shop.order(orderId)).attempts[0]?.status).toBe('closed');
    await workflow.untilAttention(false);
    expect(await workflow.handle.result()).toBe('Expired');
    expect(shop.runsOf('inquirePayment')).toBe(0);
    expect((await shop.order(orderId)).paymentStatus).toBe('unpaid');
    expect(await calls.paymentCallback(orderId, first.id, newId())).toMatchObject({ kind: 'read_again' });
  });

  test('leaves the order payable on another page once that is decided', async () => {
    const { orderId, calls, first, workflow } = await buildTaken();
    await workflow.decide(first.id, 'not_paid');
    shop.gateway.onlyReceipt = undefined;

    await calls.openPayment(orderId, 'buyer', 'zarinpal');
    const second = (await shop.order(orderId)).attempts[1]!;
    await calls.paymentCallback(orderId, second.id, newId());

    expect(await workflow.handle.result()).toBe('Placed');
    const { attempts } = await shop.order(orderId);
    expect(attempts.map(({ status }) => status)).toEqual(['closed', 'settled']);
  });
});

describe('a name that the gateway has given to another payment', () => {
  const giveTakenName = () => {
    shop.gateway.answers.open = [
      { kind: 'opened', authority: taken, redirectUrl: 'https://pay.example/taken' },
    ];
  };

  test('closes the attempt, answers the buyer without a page and alerts a person', async () => {
    giveTakenName();

    const { orderId, placed, workflow } = await buildRunningOrder(shop);

    expect(placed).toMatchObject({
      kind: 'answered',
      answer: { order: { status: 'awaiting_payment', attempts: [{ status: 'closed', redirectUrl: null }] } },
    });
    expect((await shop.order(orderId)).attempts).toMatchObject([{ failureCode: 'payment.reference_taken' }]);
    expect(shop.runsOf('requestPayment')).toBe(1);
    await workflow.untilAttention(true);
    expect(await workflow.details()).toContain('gave this payment the name of another one');
    await untilOneAlert();
  });

  test('closes an attempt that a buyer asked for later, and leaves the first page payable', async () => {
    const { orderId, calls, first, workflow } = await buildRunningOrder(shop);
    giveTakenName();

    const asked = await calls.openPayment(orderId, 'buyer', 'zarinpal');

    expect(asked).toMatchObject({
      answer: { isNew: true, order: { attempts: [{ status: 'open' }, { status: 'closed' }] } },
    });
    await workflow.untilAttention(true);
    shop.gateway.pay(first);
    await calls.paymentCallback(orderId, first.id, newId());
    expect(await workflow.handle.result()).toBe('Placed');
    await workflow.untilAttention(false);
  });

  test('needs no person any more once `retry` opens a page', async () => {
    giveTakenName();
    const { orderId, workflow } = await buildRunningOrder(shop);
    await workflow.untilAttention(true);

    await workflow.retry();

    const { attempts } = await shop.order(orderId);
    expect(attempts.map(({ status }) => status)).toEqual(['closed', 'open']);
    await workflow.untilAttention(false);
    expect(await workflow.details()).not.toContain('Needs a person');
  });
});
