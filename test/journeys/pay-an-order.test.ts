import { afterAll, beforeAll, expect, test } from 'vitest';

import { Buyer, shelf } from '../support/buyer';
import { openShop, type Shop } from '../support/shop';

let shop: Shop;
let takeItem: ReturnType<typeof shelf>;

beforeAll(async () => {
  shop = await openShop();
  takeItem = shelf(shop);
});
afterAll(() => shop?.close());

test('a guest fills a cart, pays, and finds the order paid', async () => {
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await takeItem(), 2);
  const paid = await shop.zarinpal.pay(placed.authority);

  const returned = await buyer.comeBack(paid.callbackUrl);

  expect([returned.status, returned.body.status]).toEqual([200, 'paid']);
  const { body } = await buyer.read(placed);
  expect(body.order).toMatchObject({ status: 'placed', paymentStatus: 'paid' });
  expect(await buyer.timeline(placed)).toEqual(['order.created', 'order.payment_opened', 'order.paid']);
});
