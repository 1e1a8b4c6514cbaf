import { randomUUID } from 'node:crypto';

import { authorityOf, Buyer, type PlacedOrder, type ShelfItem } from './buyer';
import { eventually } from './eventually';
import type { Shop } from './shop';

/** Buys one item. Without an answer this buyer asks again, and without a page asks for another page. */
export async function buyStubbornly(
  shop: Pick<Shop, 'url' | 'zarinpal'>,
  item: ShelfItem,
): Promise<PlacedOrder> {
  const buyer = new Buyer(shop);
  const key = randomUUID();
  await buyer.put(item);
  const { body: placed } = await eventually(
    () => buyer.checkout(item.price, { key }),
    ({ status }) => status === 200 || status === 201,
  );
  const page = placed.payment.redirect ?? (await anotherPage(buyer, placed));
  const { callbackUrl } = await shop.zarinpal.pay(authorityOf(page));
  // A callback that the shop could not store is not lost: the browser shows so, and its owner reloads the page.
  await eventually(
    () => buyer.comeBack(callbackUrl),
    ({ status }) => status === 200,
  );
  await buyer.waitFor(placed, 'placed');
  return placed;
}

/** A key stands for one page. That it could not be opened is an answer too, so the next request has a new key. */
async function anotherPage(buyer: Buyer, placed: PlacedOrder): Promise<string | null> {
  let key = randomUUID();
  const { body } = await eventually(
    async () => {
      const answer = await buyer.payAgain(placed, key);
      if (answer.status < 300) key = randomUUID();
      return answer;
    },
    (answer) => answer.body.payment?.redirect != null,
  );
  return body.payment.redirect;
}
