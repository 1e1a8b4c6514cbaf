import { describe, expect, test } from 'vitest';

import { beforeDeadline } from '../support/before-deadline';
import { Buyer, type PlacedByBuyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildItem } from '../support/factories/item';
import { journeyShop } from '../support/journey';
import { attemptsOf, attemptStatusesOf, ledgerOf, stockOf } from '../support/order-rows';
import type { Shop } from '../support/shop';
import { workflowOf } from '../support/workflow';
import type { SandboxFault } from '../support/zarinpal';

const NEVER = 3_600_000;
const journey = journeyShop({
  zarinpal: { zarinpalTimeoutMs: 3_000 },
  checkout: { attentionAfterMs: 300, retryFirstMs: 100, retryMostMs: 200 },
});

/** An order whose buyer has paid and not come back yet. */
async function payThenComeBack(
  shop: Shop,
  fault: SandboxFault,
): Promise<{ buyer: Buyer; placed: PlacedByBuyer; callbackUrl: string | null }> {
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await shop.zarinpal.fault({ endpoint: 'verify', authority: placed.authority, ...fault });
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);
  return { buyer, placed, callbackUrl };
}

async function verifyCalls({ zarinpal }: Shop, { authority }: PlacedByBuyer): Promise<number> {
  return (await zarinpal.journal({ authority, endpoint: 'verify', kind: 'request' })).length;
}

async function alertsOf({ metrics }: Shop, code: string): Promise<number> {
  const text = await metrics.registry.getSingleMetricAsString('asoud_alerts_total');
  return Number(new RegExp(`code="${code}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
}

const untilAlerts = (shop: Shop, code: string, count: number): Promise<number> =>
  eventually(
    () => alertsOf(shop, code),
    (alerts) => alerts === count,
  );

test.each([
  ['never came', { kind: 'timeout', when: 'after' }],
  ['was cut off', { kind: 'reset', when: 'after' }],
  ['was a firewall page', { kind: 'html', when: 'after' }],
  ['broke off in the middle', { kind: 'truncated' }],
  ['was empty', { kind: 'empty', when: 'after' }],
] satisfies [string, SandboxFault][])(
  'a payment whose first answer %s is found verified and settles once',
  async (_how, fault) => {
    const { shop } = journey;
    const { buyer, placed, callbackUrl } = await payThenComeBack(shop, fault);

    const callback = await buyer.comeBack(callbackUrl);

    expect(['pending', 'paid']).toContain(callback.body.status);
    await buyer.waitFor(placed, 'placed');
    expect(await ledgerOf(shop, placed.order.id)).toHaveLength(1);
    const entries = await shop.zarinpal.journal({ authority: placed.authority, endpoint: 'verify' });
    expect(entries.filter(({ kind }) => kind === 'request').length).toBeGreaterThan(1);
  },
);

test('a buyer is told to wait when the gateway takes longer than a request may, and is paid afterwards', async () => {
  const { shop } = journey;
  const hasty = await shop.withTerms({ temporal: { temporalDeadlineMs: 300 } });
  const { buyer, placed, callbackUrl } = await payThenComeBack(shop, { kind: 'slow', ms: 550 });

  const callback = await buyer.at(hasty).comeBack(callbackUrl);

  expect([callback.status, callback.body.status]).toEqual([200, 'pending']);
  await buyer.waitFor(placed, 'placed');
});

describe('while nobody can tell whether the money was taken', () => {
  test.each([
    ['too many calls', { kind: 'code', code: -12 }],
    ['its own confusion', { kind: 'code', code: -52 }],
    ['a code nobody knows', { kind: 'code', code: -777 }],
    ['a firewall page', { kind: 'html' }],
    ['a success without content', { kind: 'empty' }],
  ] satisfies [string, SandboxFault][])(
    'because of %s, the stock stays held past the deadline and a person is called',
    async (_what, fault) => {
      const { shop } = journey;
      await shop.zarinpal.fault({ ...(fault as SandboxFault), endpoint: 'verify', times: null });
      const { buyer, item, placed } = await beforeDeadline(400, async (authorityLifetimeMs) => {
        const hasty = await shop.withTerms({
          checkout: { authorityLifetimeMs, deadlineMarginMs: 0, pollEveryMs: NEVER },
        });
        const buyer = new Buyer(hasty);
        const item = await buildItem(shop, { stock: 1 });
        const placed = await buyer.order(item);
        await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
        const deadline = Date.parse(placed.order.paymentDeadline);
        return { deadline, result: { buyer, item, placed } };
      });

      const workflow = workflowOf(shop, placed.order.id);
      await workflow.untilAttention(true);
      await eventually(
        () => Date.now(),
        (now) => now > Date.parse(placed.order.paymentDeadline) + 200,
      );

      expect((await buyer.read(placed)).body).toMatchObject({
        order: { status: 'awaiting_payment' },
        payment: { redirect: null, reason: 'payment_pending' },
      });
      expect(await stockOf(shop, item)).toEqual({ onHand: 1, reserved: 1 });
      expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['verifying']);
      expect(await workflow.details()).toMatch(/Needs a person.*gives no clear answer.*`retry`/s);
      await shop.zarinpal.clearFaults();
      await workflow.retry();
      await buyer.waitFor(placed, 'placed');
      await workflow.untilAttention(false);
      expect(await workflow.details()).not.toContain('Needs a person');
    },
  );

  test('an operator’s code calls a person at once, and `retry` asks again as soon as it is put right', async () => {
    const shop = await journey.shop.withTerms({
      checkout: { attentionAfterMs: NEVER, retryFirstMs: NEVER, retryMostMs: NEVER },
    });
    const { buyer, placed, callbackUrl } = await payThenComeBack(shop, {
      kind: 'code',
      code: -11,
      times: null,
    });
    const before = await alertsOf(shop, '-11');

    await buyer.comeBack(callbackUrl);

    const workflow = workflowOf(shop, placed.order.id);
    await workflow.untilAttention(true);
    await untilAlerts(shop, '-11', before + 1);
    expect(await workflow.details()).toContain('Terminal is not active');
    await workflow.retry();
    // If the cause were put right while this retry still asks, the workflow could end before the next retry.
    await eventually(
      () => verifyCalls(shop, placed),
      (calls) => calls === 2,
    );
    expect(await alertsOf(shop, '-11')).toBe(before + 1);
    await shop.zarinpal.clearFaults();
    await workflow.retry();
    await buyer.waitFor(placed, 'placed');
    await workflow.untilAttention(false);
  });

  test('no other page is opened, and the same request is granted when it turns out that nothing was paid', async () => {
    const shop = await journey.shop.withTerms({ checkout: { retryFirstMs: NEVER, retryMostMs: NEVER } });
    const buyer = new Buyer(shop);
    const placed = await buyer.order(await journey.takeItem());
    await shop.zarinpal.fault({ kind: 'code', code: -52, endpoint: 'verify', times: null });
    const forged = await shop.zarinpal.callback(placed.authority, { status: 'OK' });
    expect((await buyer.comeBack(forged.callbackUrl)).body.status).toBe('pending');

    const tooEarly = await buyer.payAgain(placed, 'another-page');
    const cancelled = await buyer.cancel(placed, {
      key: 'no-more',
      headers: { 'X-Request-Id': 'the-same-for-all' },
    });

    expect([tooEarly.status, tooEarly.body.code]).toEqual([409, 'order.verifying']);
    expect([cancelled.status, cancelled.body.code]).toEqual([409, 'order.verifying']);
    await shop.zarinpal.clearFaults();
    await workflowOf(shop, placed.order.id).retry();
    await eventually(
      () => attemptStatusesOf(shop, placed.order.id),
      ([status]) => status === 'open',
    );
    const granted = await buyer.payAgain(placed, 'another-page');
    expect([granted.status, granted.body.payment.reason]).toEqual([201, null]);
  });

  test('a buyer who comes back meanwhile is told to wait at once, and keeps no operator from acting', async () => {
    const deadlineMs = 30_000;
    const shop = await journey.shop.withTerms({
      checkout: { retryFirstMs: NEVER, retryMostMs: NEVER },
      temporal: { temporalDeadlineMs: deadlineMs },
    });
    const { buyer, placed, callbackUrl } = await payThenComeBack(shop, { kind: 'code', code: -52 });
    await buyer.comeBack(callbackUrl);

    const since = Date.now();
    const callbacks = await Promise.all(Array.from({ length: 12 }, () => buyer.comeBack(callbackUrl)));

    expect(new Set(callbacks.map(({ body }) => body.status))).toEqual(new Set(['pending']));
    // A callback that waits for the next poll would be answered only when its call reaches the deadline.
    expect(Date.now() - since).toBeLessThan(deadlineMs);
    await workflowOf(shop, placed.order.id).retry();
    await buyer.waitFor(placed, 'placed');
  });

  test('a person who knows that nothing was paid ends the wait', async () => {
    const { shop } = journey;
    await shop.zarinpal.fault({ kind: 'code', code: -10, endpoint: 'verify', times: null });
    const { buyer, item, placed } = await beforeDeadline(1_500, async (authorityLifetimeMs) => {
      const hasty = await shop.withTerms({
        checkout: { authorityLifetimeMs, deadlineMarginMs: 0, pollEveryMs: NEVER },
      });
      const buyer = new Buyer(hasty);
      const item = await buildItem(shop, { stock: 1 });
      const placed = await buyer.order(item);
      const forged = await shop.zarinpal.callback(placed.authority, { status: 'OK' });
      await buyer.comeBack(forged.callbackUrl);
      return { deadline: Date.parse(placed.order.paymentDeadline), result: { buyer, item, placed } };
    });
    const workflow = workflowOf(shop, placed.order.id);
    await workflow.untilAttention(true);

    const [attempt] = await attemptsOf(shop, placed.order.id);
    await workflow.decide(attempt!.id, 'not_paid');

    await buyer.waitFor(placed, 'expired');
    await workflow.untilAttention(false);
    expect(await stockOf(shop, item)).toEqual({ onHand: 1, reserved: 0 });
    expect((await buyer.events(placed)).map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ reason: 'decided_by_staff' }),
    );
  });
});

describe('a payment that the gateway will never verify', () => {
  test.each([
    ['another amount', -50],
    ['another merchant', -53],
    ['an unknown authority', -54],
  ])('because of %s is refused, calls a person, and leaves the order payable', async (_why, code) => {
    const { shop } = journey;
    const { buyer, placed, callbackUrl } = await payThenComeBack(shop, { kind: 'code', code, times: null });
    const before = await alertsOf(shop, String(code));

    const callback = await buyer.comeBack(callbackUrl);

    expect(callback.body.status).toBe('refused');
    await untilAlerts(shop, String(code), before + 1);
    expect((await buyer.events(placed)).at(-1)).toMatchObject({
      type: 'order.payment_refused',
      payload: { reason: 'rejected_by_gateway' },
    });
    const again = await buyer.payAgain(placed);
    expect(again.status).toBe(201);
    const paid = await shop.zarinpal.pay(again.body.payment.redirect!.split('/').at(-1)!);
    expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
  });
});

test('a receipt that belongs to another order settles nothing and calls a person', async () => {
  const { shop } = journey;
  const first = await payThenComeBack(shop, { kind: 'slow', ms: 1 });
  await first.buyer.comeBack(first.callbackUrl);
  const [paid] = await attemptsOf(shop, first.placed.order.id);
  const second = await payThenComeBack(shop, {
    kind: 'body',
    times: null,
    body: { data: { code: 101, message: 'Verified', ref_id: Number(paid!.refId) }, errors: [] },
  });
  const before = await alertsOf(shop, 'payment.reference_taken');

  const callback = await second.buyer.comeBack(second.callbackUrl);

  expect(callback.body.status).toBe('pending');
  const workflow = workflowOf(shop, second.placed.order.id);
  await workflow.untilAttention(true);
  await untilAlerts(shop, 'payment.reference_taken', before + 1);
  expect(await workflow.details()).toContain(`its receipt ${paid!.refId} belongs to another payment`);
  expect(await ledgerOf(shop, second.placed.order.id)).toEqual([]);
  expect((await second.buyer.read(second.placed)).body.order.status).toBe('awaiting_payment');
});
