import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { newId } from '../../entities/values/uuid';
import type { CheckoutTiming } from '../../workflows/checkout/checkout.contract';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { refusal } from './fake-rows';
import { buildRequest, openFakeShop, workflowOf, type FakeShop, type StepName } from './fake-shop';

let shop: FakeShop;

beforeAll(async () => {
  shop = await openFakeShop();
});
afterAll(() => shop?.close());
beforeEach(() => {
  shop.before.clear();
  shop.runs.length = 0;
  shop.rows.journal.length = 0;
});

const PATIENCE = { timeout: 15_000, interval: 20 };

async function buildOrder(timing: Partial<CheckoutTiming> = {}) {
  const orderId = newId();
  const calls = shop.calls(timing);
  const placed = await calls.place(orderId, buildRequest(), 'asker');
  const [first] = shop.rows.order(orderId).attempts;
  return { orderId, calls, placed, first: first!, workflow: workflowOf(shop, orderId) };
}

type Workflow = ReturnType<typeof workflowOf>;

const untilAttention = (workflow: Workflow, isNeeded: boolean) =>
  vi.waitFor(async () => {
    const { typedSearchAttributes } = await workflow.describe();
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention) ?? false).toBe(isNeeded);
  }, PATIENCE);

async function detailsOf(workflow: Workflow): Promise<string> {
  const { currentDetails } = await workflow.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return currentDetails;
}

const runsOf = (step: StepName) => shop.runs.filter((run) => run.step === step).length;

/** The tables find the name of the payment, or of its receipt, with another one. */
const isTaken = async () => {
  throw refusal('payment.reference_taken');
};

describe('a receipt that belongs to another payment', () => {
  async function buildTaken(timing: Partial<CheckoutTiming> = {}) {
    const order = await buildOrder(timing);
    shop.gateway.pay(order.first.authority!);
    shop.before.set('confirmOrder', isTaken);
    const callback = await order.calls.paymentCallback(order.orderId, order.first.id, newId());
    await untilAttention(order.workflow, true);
    return { ...order, callback };
  }

  test('leaves the buyer waiting and calls a person, who reads what to do', async () => {
    const { orderId, callback, workflow } = await buildTaken();

    expect(callback).toMatchObject({
      kind: 'answered',
      answer: { order: { status: 'awaiting_payment', attempts: [{ status: 'verifying' }] } },
    });
    expect(await detailsOf(workflow)).toMatch(
      /its receipt R-P\d+ belongs to another payment \(`payment.reference_taken`\).*`retry`.*`decide` with `not_paid`/,
    );
    await vi.waitUntil(() => runsOf('raiseAlert') === 1, PATIENCE);
    expect(shop.rows.order(orderId).paymentStatus).toBe('unpaid');
  });

  test('is not polled again by itself, not even at the deadline', async () => {
    const { orderId, workflow } = await buildTaken({ payableMs: 1_500, holdGraceMs: 0, pollEveryMs: 50 });

    const polls = runsOf('verifyPayment');
    const { paymentDeadline } = shop.rows.order(orderId);
    await vi.waitUntil(() => Date.now() > paymentDeadline + 300, PATIENCE);

    expect(runsOf('verifyPayment')).toBe(polls);
    expect(shop.rows.order(orderId).status).toBe('awaiting_payment');
    expect((await workflow.describe()).status.name).toBe('RUNNING');
  });

  test('tells a buyer who comes back again at once that nobody can tell yet', async () => {
    const { orderId, calls, first } = await buildTaken();

    const again = await calls.paymentCallback(orderId, first.id, newId());

    expect(again).toMatchObject({ answer: { order: { attempts: [{ status: 'verifying' }] } } });
    expect(runsOf('verifyPayment')).toBe(1);
  });

  test('is polled again for an operator, without another alert while it is still taken', async () => {
    const { orderId, workflow } = await buildTaken();

    await workflow.executeUpdate('retry');
    await vi.waitUntil(() => runsOf('confirmOrder') >= 2, PATIENCE);
    expect(runsOf('verifyPayment')).toBe(2);
    shop.before.clear();
    await workflow.executeUpdate('retry');

    expect(await workflow.result()).toBe('Placed');
    expect([runsOf('verifyPayment'), runsOf('raiseAlert')]).toEqual([3, 1]);
    expect(shop.rows.order(orderId).attempts[0]?.status).toBe('settled');
    await untilAttention(workflow, false);
  });

  test('is closed when an operator finds the money to be another’s, and watched no further', async () => {
    const { orderId, calls, first, workflow } = await buildTaken({
      payableMs: 3_000,
      holdGraceMs: 0,
      pollEveryMs: 50,
      watchLateMs: 60_000,
    });

    await workflow.executeUpdate('decide', {
      args: [{ attemptId: first.id, decision: 'not_paid', note: 'the gateway mixed them up' }],
    });

    expect(shop.rows.order(orderId).attempts[0]?.status).toBe('closed');
    await untilAttention(workflow, false);
    expect(await workflow.result()).toBe('Expired');
    expect(runsOf('inquirePayment')).toBe(0);
    expect(shop.rows.order(orderId).paymentStatus).toBe('unpaid');
    expect(await calls.paymentCallback(orderId, first.id, newId())).toMatchObject({ kind: 'read_again' });
  });

  test('leaves the order payable on another page once that is decided', async () => {
    const { orderId, calls, first, workflow } = await buildTaken();
    await workflow.executeUpdate('decide', {
      args: [{ attemptId: first.id, decision: 'not_paid', note: 'the gateway mixed them up' }],
    });
    shop.before.clear();

    await calls.openPayment(orderId, 'buyer', 'zarinpal');
    const second = shop.rows.order(orderId).attempts[1]!;
    shop.gateway.pay(second.authority!);
    await calls.paymentCallback(orderId, second.id, newId());

    expect(await workflow.result()).toBe('Placed');
    expect(shop.rows.order(orderId).attempts.map(({ status }) => status)).toEqual(['closed', 'settled']);
  });
});

describe('a name that the gateway has given to another payment', () => {
  test('closes the attempt, answers the buyer without a page and calls a person', async () => {
    shop.before.set('recordAuthority', isTaken);

    const { orderId, placed, workflow } = await buildOrder();

    expect(placed).toMatchObject({
      kind: 'answered',
      answer: { order: { status: 'awaiting_payment', attempts: [{ status: 'closed', redirectUrl: null }] } },
    });
    expect(shop.rows.order(orderId).attempts).toMatchObject([{ failureCode: 'payment.reference_taken' }]);
    expect(runsOf('requestPayment')).toBe(1);
    await untilAttention(workflow, true);
    expect(await detailsOf(workflow)).toContain('gave this payment the name of another one');
    await vi.waitUntil(() => runsOf('raiseAlert') === 1, PATIENCE);
  });

  test('closes an attempt that a buyer asked for later, and leaves the first page payable', async () => {
    const { orderId, calls, first, workflow } = await buildOrder();
    shop.before.set('recordAuthority', isTaken);

    const asked = await calls.openPayment(orderId, 'buyer', 'zarinpal');

    expect(asked).toMatchObject({
      answer: { isNew: true, order: { attempts: [{ status: 'open' }, { status: 'closed' }] } },
    });
    await untilAttention(workflow, true);
    shop.gateway.pay(first.authority!);
    await calls.paymentCallback(orderId, first.id, newId());
    expect(await workflow.result()).toBe('Placed');
    await untilAttention(workflow, false);
  });

  test('is no longer anybody’s business once `retry` opens a page', async () => {
    shop.before.set('recordAuthority', isTaken);
    const { orderId, workflow } = await buildOrder();
    await untilAttention(workflow, true);
    shop.before.clear();

    await workflow.executeUpdate('retry');

    expect(shop.rows.order(orderId).attempts.map(({ status }) => status)).toEqual(['closed', 'open']);
    await untilAttention(workflow, false);
    expect(await detailsOf(workflow)).not.toContain('Needs a person');
  });
});
