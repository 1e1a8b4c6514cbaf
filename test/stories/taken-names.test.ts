import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { newId } from '../../entities/values/uuid';
import type { CheckoutTiming } from '../../workflows/checkout/checkout.contract';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/search-attributes.contract';
import { refusal } from './paper-rows';
import { buildRequest, openPaperShop, storyOf, type PaperShop, type StepName } from './paper-shop';

let shop: PaperShop;

beforeAll(async () => {
  shop = await openPaperShop();
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
  return { orderId, calls, placed, first: first!, story: storyOf(shop, orderId) };
}

type Story = ReturnType<typeof storyOf>;

const untilAttention = (story: Story, isNeeded: boolean) =>
  vi.waitFor(async () => {
    const { typedSearchAttributes } = await story.describe();
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention) ?? false).toBe(isNeeded);
  }, PATIENCE);

async function detailsOf(story: Story): Promise<string> {
  const { currentDetails } = await story.query<{ currentDetails: string }>('__temporal_workflow_metadata');
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
    const returned = await order.calls.paymentReturned(order.orderId, order.first.id, newId());
    await untilAttention(order.story, true);
    return { ...order, returned };
  }

  test('leaves the buyer waiting and calls a person, who reads what to do', async () => {
    const { orderId, returned, story } = await buildTaken();

    expect(returned).toMatchObject({
      kind: 'answered',
      answer: { order: { status: 'awaiting_payment', attempts: [{ status: 'verifying' }] } },
    });
    expect(await detailsOf(story)).toMatch(
      /its receipt R-P\d+ belongs to another payment \(`payment.reference_taken`\).*`retry`.*`decide` with `not_paid`/,
    );
    await vi.waitUntil(() => runsOf('raiseAlert') === 1, PATIENCE);
    expect(shop.rows.order(orderId).paymentStatus).toBe('unpaid');
  });

  test('is not looked at again by itself, not even at the deadline', async () => {
    const { orderId, story } = await buildTaken({ payableMs: 1_500, holdGraceMs: 0, pollEveryMs: 50 });

    const looks = runsOf('verifyPayment');
    const { paymentDeadline } = shop.rows.order(orderId);
    await vi.waitUntil(() => Date.now() > paymentDeadline + 300, PATIENCE);

    expect(runsOf('verifyPayment')).toBe(looks);
    expect(shop.rows.order(orderId).status).toBe('awaiting_payment');
    expect((await story.describe()).status.name).toBe('RUNNING');
  });

  test('lets whoever returns once more hear at once that nobody can tell yet', async () => {
    const { orderId, calls, first } = await buildTaken();

    const again = await calls.paymentReturned(orderId, first.id, newId());

    expect(again).toMatchObject({ answer: { order: { attempts: [{ status: 'verifying' }] } } });
    expect(runsOf('verifyPayment')).toBe(1);
  });

  test('is looked at again for an operator, without another alert while it is still taken', async () => {
    const { orderId, story } = await buildTaken();

    await story.executeUpdate('retry');
    await vi.waitUntil(() => runsOf('confirmOrder') >= 2, PATIENCE);
    expect(runsOf('verifyPayment')).toBe(2);
    shop.before.clear();
    await story.executeUpdate('retry');

    expect(await story.result()).toBe('Placed');
    expect([runsOf('verifyPayment'), runsOf('raiseAlert')]).toEqual([3, 1]);
    expect(shop.rows.order(orderId).attempts[0]?.status).toBe('settled');
    await untilAttention(story, false);
  });

  test('is closed when an operator finds the money to be another’s, and watched no further', async () => {
    const { orderId, calls, first, story } = await buildTaken({
      payableMs: 3_000,
      holdGraceMs: 0,
      pollEveryMs: 50,
      watchLateMs: 60_000,
    });

    await story.executeUpdate('decide', {
      args: [{ attemptId: first.id, decision: 'not_paid', note: 'the gateway mixed them up' }],
    });

    expect(shop.rows.order(orderId).attempts[0]?.status).toBe('closed');
    await untilAttention(story, false);
    expect(await story.result()).toBe('Expired');
    expect(runsOf('inquirePayment')).toBe(0);
    expect(shop.rows.order(orderId).paymentStatus).toBe('unpaid');
    expect(await calls.paymentReturned(orderId, first.id, newId())).toMatchObject({ kind: 'read_again' });
  });

  test('leaves the order payable on another page once that is decided', async () => {
    const { orderId, calls, first, story } = await buildTaken();
    await story.executeUpdate('decide', {
      args: [{ attemptId: first.id, decision: 'not_paid', note: 'the gateway mixed them up' }],
    });
    shop.before.clear();

    await calls.openPayment(orderId, 'buyer', 'zarinpal');
    const second = shop.rows.order(orderId).attempts[1]!;
    shop.gateway.pay(second.authority!);
    await calls.paymentReturned(orderId, second.id, newId());

    expect(await story.result()).toBe('Placed');
    expect(shop.rows.order(orderId).attempts.map(({ status }) => status)).toEqual(['closed', 'settled']);
  });
});

describe('a name that the gateway has given to another payment', () => {
  test('closes the attempt, answers the buyer without a page and calls a person', async () => {
    shop.before.set('recordAuthority', isTaken);

    const { orderId, placed, story } = await buildOrder();

    expect(placed).toMatchObject({
      kind: 'answered',
      answer: { order: { status: 'awaiting_payment', attempts: [{ status: 'closed', redirectUrl: null }] } },
    });
    expect(shop.rows.order(orderId).attempts).toMatchObject([{ failureCode: 'payment.reference_taken' }]);
    expect(runsOf('requestPayment')).toBe(1);
    await untilAttention(story, true);
    expect(await detailsOf(story)).toContain('gave this payment the name of another one');
    await vi.waitUntil(() => runsOf('raiseAlert') === 1, PATIENCE);
  });

  test('closes an attempt that a buyer asked for later, and leaves the first page payable', async () => {
    const { orderId, calls, first, story } = await buildOrder();
    shop.before.set('recordAuthority', isTaken);

    const asked = await calls.openPayment(orderId, 'buyer', 'zarinpal');

    expect(asked).toMatchObject({
      answer: { isNew: true, order: { attempts: [{ status: 'open' }, { status: 'closed' }] } },
    });
    await untilAttention(story, true);
    shop.gateway.pay(first.authority!);
    await calls.paymentReturned(orderId, first.id, newId());
    expect(await story.result()).toBe('Placed');
    await untilAttention(story, false);
  });

  test('is no longer anybody’s business once `retry` opens a page', async () => {
    shop.before.set('recordAuthority', isTaken);
    const { orderId, story } = await buildOrder();
    await untilAttention(story, true);
    shop.before.clear();

    await story.executeUpdate('retry');

    expect(shop.rows.order(orderId).attempts.map(({ status }) => status)).toEqual(['closed', 'open']);
    await untilAttention(story, false);
    expect(await detailsOf(story)).not.toContain('Needs a person');
  });
});
