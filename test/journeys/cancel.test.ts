import { expect, test } from 'vitest';

import { Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildItem } from '../support/factories/item';
import { journeyShop } from '../support/journey';
import { attemptStatusesOf, ledgerOf, stockOf } from '../support/order-rows';
import { SlowSteps } from '../support/slow-steps';
import { workflowOf } from '../support/workflow';

const NEVER = 3_600_000;
const steps = new SlowSteps();
const journey = journeyShop({ activities: steps.wrap });

test('a cancelled order lets its stock go, refuses its pages and stays cancelled', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 3 });
  const placed = await buyer.order(item, 3);

  const cancelled = await buyer.cancel(placed);

  expect([cancelled.status, cancelled.body.order.status]).toEqual([200, 'cancelled']);
  expect(await stockOf(shop, item)).toEqual({ onHand: 3, reserved: 0 });
  expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['refused']);
  expect((await buyer.timeline(placed)).slice(2)).toEqual(['order.cancelled', 'order.payment_refused']);
  const again = await buyer.cancel(placed);
  expect([again.status, again.body.order.status]).toEqual([200, 'cancelled']);
  expect((await buyer.payAgain(placed)).body.code).toBe('order.not_awaiting_payment');
  expect((await buyer.readCart()).units).toBe(3);
  const ordered = await buyer.checkout(item.price * 3);
  expect(ordered.status).toBe(201);
});

test('money that is paid after a cancellation is never taken', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await buyer.cancel(placed);
  const paid = await shop.zarinpal.pay(placed.authority);

  const callback = await buyer.comeBack(paid.callbackUrl);

  expect(callback.body.status).toBe('refused');
  const calls = await shop.zarinpal.journal({
    authority: placed.authority,
    endpoint: 'verify',
    kind: 'request',
  });
  expect(calls).toEqual([]);
  expect(await ledgerOf(shop, placed.order.id)).toEqual([]);
  expect((await buyer.read(placed)).body.order.status).toBe('cancelled');
});

test('a paid order cannot be cancelled', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const paid = await shop.zarinpal.pay(placed.authority);
  await buyer.comeBack(paid.callbackUrl);

  const cancelled = await buyer.cancel(placed);

  expect([cancelled.status, cancelled.body.code]).toEqual([409, 'order.not_cancellable']);
  expect((await buyer.read(placed)).body.order.status).toBe('placed');
});

test('an expired order cannot be cancelled', async () => {
  const shop = await journey.shop.withTerms({
    checkout: { authorityLifetimeMs: 300, deadlineMarginMs: 0, watchLateMoneyMs: NEVER },
  });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await buyer.waitFor(placed, 'expired');

  expect((await buyer.cancel(placed)).body).toMatchObject({ code: 'order.not_cancellable', status: 409 });
});

test('a cancellation that comes while the money is being verified is refused, and the order is paid', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const verifying = steps.hold('verifyPayment', 'before');
  const paid = await shop.zarinpal.pay(placed.authority);
  const callback = buyer.comeBack(paid.callbackUrl);
  await verifying.reached;

  const cancelled = await buyer.cancel(placed);
  verifying.release();

  expect([cancelled.status, cancelled.body.code]).toEqual([409, 'order.verifying']);
  expect((await callback).body.status).toBe('paid');
});

test('a cancellation and a payment at the same instant leave one of two clean ends', async () => {
  const { shop } = journey;
  const ends = await Promise.all(
    Array.from({ length: 8 }, async (_, place) => {
      const buyer = new Buyer(shop);
      const item = await buildItem(shop, { stock: 1 });
      const placed = await buyer.order(item);
      const paid = await shop.zarinpal.pay(placed.authority);
      const asked = [() => buyer.cancel(placed), () => buyer.comeBack(paid.callbackUrl)];
      await Promise.all((place % 2 === 0 ? asked : asked.toReversed()).map((ask) => ask()));
      const { status } = (await buyer.read(placed)).body.order;
      const ledger = (await ledgerOf(shop, placed.order.id)).length;
      return { status, ledger, ...(await stockOf(shop, item)) };
    }),
  );

  for (const end of ends) {
    expect([
      { status: 'placed', ledger: 1, onHand: 0, reserved: 0 },
      { status: 'cancelled', ledger: 0, onHand: 1, reserved: 0 },
    ]).toContainEqual(end);
  }
});

test('a cancellation that comes while another page is being asked for waits for it and refuses it', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 1 });
  const placed = await buyer.order(item);
  const requesting = steps.hold('requestPayment', 'before');
  const opening = buyer.payAgain(placed);
  await requesting.reached;

  const cancelling = buyer.cancel(placed);
  await eventually(
    () => workflowOf(shop, placed.order.id).updates(),
    (updates) => updates.includes('cancel'),
  );
  requesting.release();
  const cancelled = await cancelling;

  expect(cancelled.body.order.status).toBe('cancelled');
  expect((await opening).status).toBe(201);
  expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['refused', 'refused']);
  expect(await stockOf(shop, item)).toEqual({ onHand: 1, reserved: 0 });
});

test('a cancellation in the Temporal UI is one more request that the tables judge', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const awaiting = await buyer.order(await journey.takeItem());
  const other = new Buyer(shop);
  const settled = await other.order(await journey.takeItem());
  await other.payAgain(settled);
  await other.comeBack((await shop.zarinpal.pay(settled.authority)).callbackUrl);

  await workflowOf(shop, awaiting.order.id).handle.cancel();
  await workflowOf(shop, settled.order.id).handle.cancel();

  await buyer.waitFor(awaiting, 'cancelled');
  expect(await workflowOf(shop, settled.order.id).read()).toMatchObject({
    status: 'RUNNING',
    orderStatus: 'Placed',
  });
  expect((await other.read(settled)).body.order.status).toBe('placed');
});
