import { expect, test } from 'vitest';

import { countStatements } from '../../platform/statement-count';
import { Buyer, type ShelfItem } from '../support/buyer';
import { buildItem } from '../support/factories/item';
import { buildLocation, receive } from '../support/factories/stock-locations';
import { journeyShop } from '../support/journey';
import { ledgerOf, setPrice, stockOf } from '../support/order-rows';

const journey = journeyShop();

test('a guest fills a cart, pays, and finds the order paid', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 10 });
  const placed = await buyer.order(item, 2);
  expect(placed.order).toMatchObject({ status: 'awaiting_payment', units: 2 });
  expect(await stockOf(shop, item)).toEqual({ onHand: 10, reserved: 2 });
  const paid = await shop.zarinpal.pay(placed.authority);

  const callback = await buyer.comeBack(paid.callbackUrl);

  expect([callback.status, callback.body.status]).toEqual([200, 'paid']);
  const { body } = await buyer.read(placed);
  expect(body.order).toMatchObject({ status: 'placed', paymentStatus: 'paid' });
  expect(body.payment).toMatchObject({ redirect: null, reason: 'not_payable' });
  const { refId } = await shop.zarinpal.session(placed.authority);
  expect(body.receipt).toEqual({
    gateway: 'zarinpal',
    number: String(refId),
    amount: placed.order.total,
    paidAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
  });
  expect(await buyer.timeline(placed)).toEqual(['order.created', 'order.payment_opened', 'order.paid']);
  expect(await stockOf(shop, item)).toEqual({ onHand: 8, reserved: 0 });
  expect(await ledgerOf(shop, placed.order.id)).toEqual([`gateway:zarinpal > sales ${item.price * 2}`]);
  expect((await buyer.readCart()).lines).toEqual([]);
});

test('the gateway is asked for the frozen amount in rials, with the order and without automatic verification', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());

  expect(await shop.zarinpal.session(placed.authority)).toMatchObject({
    amountRial: placed.order.total.amount,
    currency: 'IRR',
    orderId: placed.order.id,
    callbackUrl: `${shop.url}/api/v1/payments/zarinpal/callback`,
  });
});

test('what changes in the cart or on the shelf while the buyer pays changes nothing about the order', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { price: 300_000 });
  const placed = await buyer.order(item, 2);
  const other = await journey.takeItem();
  await buyer.put(other);
  await buyer.put(item);
  await setPrice(shop, item, 900_000);

  const paid = await shop.zarinpal.pay(placed.authority);
  const callback = await buyer.comeBack(paid.callbackUrl);

  expect(callback.body).toMatchObject({ status: 'paid', amount: { amount: 600_000, currency: 'IRR' } });
  const { body } = await buyer.read(placed);
  expect(body.lines).toMatchObject([{ sku: item.sku, quantity: 2, unitPrice: { amount: 300_000 } }]);
  const { lines } = await buyer.readCart();
  expect(lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
    [item.sku, 1],
    [other.sku, 1],
  ]);
});

test('an order that costs nothing is placed without a gateway', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const gift = await buildItem(shop, { price: 0, stock: 3 });
  await buyer.put(gift, 2);

  const { status, body } = await buyer.checkout(0);

  expect(status).toBe(201);
  expect(body.order).toMatchObject({ status: 'placed', paymentStatus: 'paid', total: { amount: 0 } });
  expect(body.payment).toMatchObject({ gateway: 'none', redirect: null, reason: 'not_payable' });
  expect(await stockOf(shop, gift)).toEqual({ onHand: 1, reserved: 0 });
  expect(await ledgerOf(shop, body.order.id)).toEqual([]);
  expect(await buyer.timeline(body)).toEqual(['order.created', 'order.paid']);
});

test('an order takes at most 30 statements from checkout to paid, at one location and taken from three', async () => {
  const { shop } = journey;
  /** The fewest of some orders: what else the shop does meanwhile is not part of them. */
  const statementsOf = async (build: () => Promise<ShelfItem>, units: number) => {
    const counts: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const buyer = new Buyer(shop);
      const item = await build();
      await buyer.put(item, units);
      const { statements } = await countStatements(shop.database, async () => {
        const placed = await buyer.placeOrder(item.price * units);
        const paid = await shop.zarinpal.pay(placed.authority);
        expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
      });
      counts.push(statements.length);
    }
    return Math.min(...counts);
  };
  const atOne = await statementsOf(() => buildItem(shop, { stock: 10 }), 6);

  const places = [await buildLocation(shop.database), await buildLocation(shop.database)];
  const atThree = await statementsOf(async () => {
    const item = await buildItem(shop, { stock: 2 });
    for (const place of places) await receive(shop.database, item.variantId, place, 2);
    return item;
  }, 6);

  process.stderr.write(`statements of an order: ${atOne} at one location, ${atThree} from three\n`);
  expect(atOne).toBeLessThanOrEqual(30);
  expect(atThree).toBeLessThanOrEqual(30);
});
