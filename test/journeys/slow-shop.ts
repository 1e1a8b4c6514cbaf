import { expect } from 'vitest';

import { cartIdOf } from '../../entities/carts/cart-token';
import { authorityOf, Buyer } from '../support/buyer';
import { buildItem } from '../support/factories/item';
import { journeyShop, type Journey } from '../support/journey';
import { ledgerOf, orderCountOf, stockOf } from '../support/order-rows';
import { SlowSteps, type Slowness } from '../support/slow-steps';

/** Longer than the 2 s of a local step, so that another run of it begins while this one goes on. */
export const HANGS = 3_000;

/** A shop whose steps a test makes slow. */
export interface SlowShop {
  readonly journey: Journey;
  readonly steps: SlowSteps;
}

/** Opens one for the tests of a file. */
export function slowShop(): SlowShop {
  const steps = new SlowSteps();
  return { steps, journey: journeyShop({ activities: steps.wrap, checkout: { pollEveryMs: 3_600_000 } }) };
}

/** Orders while the step that places the order misbehaves: there is one order, and it is paid. */
export async function expectPlacedOnce(
  { steps, journey: { shop } }: SlowShop,
  slowness: readonly Slowness[],
) {
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 5 });
  await buyer.put(item, 2);
  steps.plan('placeOrder', ...slowness);

  const { status, body } = await buyer.checkout(item.price * 2);

  expect(status).toBe(201);
  expect(steps.runsOf('placeOrder')).toBeGreaterThan(1);
  expect(await stockOf(shop, item)).toEqual({ onHand: 5, reserved: 2 });
  expect(await orderCountOf(shop, cartIdOf(buyer.cartToken))).toBe(1);
  const paid = await shop.zarinpal.pay(authorityOf((await buyer.read(body)).body.payment.redirect));
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
}

/** Pays while the step that settles the order misbehaves: the order is settled once. */
export async function expectSettledOnce(
  { steps, journey: { shop } }: SlowShop,
  slowness: readonly Slowness[],
) {
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 5 });
  const placed = await buyer.order(item, 2);
  const paid = await shop.zarinpal.pay(placed.authority);
  steps.plan('confirmOrder', ...slowness);

  const callback = await buyer.comeBack(paid.callbackUrl);

  expect(callback.body.status).toBe('paid');
  expect(steps.runsOf('confirmOrder')).toBeGreaterThan(1);
  expect(await stockOf(shop, item)).toEqual({ onHand: 3, reserved: 0 });
  expect(await ledgerOf(shop, placed.order.id)).toHaveLength(1);
}

/** Pays after a forged callback, while the step loses its answer twice after its commit: the order is settled once. */
export async function expectPaidDespite({ steps, journey }: SlowShop, step: string) {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  steps.plan(step, { loses: 'answer' }, { loses: 'answer' });
  const placed = await buyer.order(await journey.takeItem());
  const forged = await shop.zarinpal.callback(placed.authority, { status: 'OK' });
  await buyer.comeBack(forged.callbackUrl);
  const paid = await shop.zarinpal.pay(placed.authority);

  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
  expect(await ledgerOf(shop, placed.order.id)).toHaveLength(1);
}
