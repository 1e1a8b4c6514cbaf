import { expect, test } from 'vitest';

import { authorityOf, Buyer } from '../support/buyer';
import { buildItem } from '../support/factories/item';
import { journeyShop } from '../support/journey';
import { stockOf } from '../support/order-rows';

const CLIENTS = 64;
const journey = journeyShop({
  database: { databasePoolSize: 2 },
  checkout: { pollEveryMs: 3_600_000 },
});

test(
  'two connections serve sixty-four buyers at once, from the cart to the paid order',
  { timeout: 90_000 },
  async () => {
    const { shop } = journey;
    const item = await buildItem(shop, { stock: CLIENTS + 10 });

    const ends = await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        const buyer = new Buyer(shop);
        await buyer.put(item);
        const key = crypto.randomUUID();
        let placed = await buyer.checkout(item.price, { key });
        // Waiting longer than a request may is an honest answer; the same key goes on.
        while (placed.status === 503) placed = await buyer.checkout(item.price, { key });
        const paid = await shop.zarinpal.pay(authorityOf(placed.body.payment.redirect));
        await buyer.comeBack(paid.callbackUrl);
        return buyer.waitFor(placed.body, 'placed');
      }),
    );

    expect(ends).toHaveLength(CLIENTS);
    expect(await stockOf(shop, item)).toEqual({ onHand: 10, reserved: 0 });
  },
);
