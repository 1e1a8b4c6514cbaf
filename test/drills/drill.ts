import { randomUUID } from 'node:crypto';

import { expect } from 'vitest';

import { cartIdOf } from '../../entities/carts/cart-token';
import { authorityOf, Buyer, shelf, type PlacedByBuyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { expectInvariantsToHold } from '../support/journey';
import { ledgerOf, orderCountOf, stockOf } from '../support/order-rows';
import { lockRows } from '../support/row-lock';
import { openShopProcesses, type ShopProcesses, type ShopProcessesOptions } from '../support/shop-processes';
import { workflowOf } from '../support/workflow';

/** A buyer with a filled cart in a shop of processes. */
export type Drill = Awaited<ReturnType<typeof openDrill>>;

/** Runs a drill in a shop of its own with a running API. At its end every invariant must hold. */
export async function runDrill(
  work: (drill: Drill) => Promise<void>,
  options?: ShopProcessesOptions,
): Promise<void> {
  const shop = await openShopProcesses(options);
  try {
    await work(await openDrill(shop));
    await expectInvariantsToHold(shop);
  } finally {
    await shop.close();
  }
}

async function openDrill(shop: ShopProcesses) {
  const api = await shop.startApi();
  const buyer = new Buyer(shop);
  const key = randomUUID();
  const item = await shelf(shop)();
  const { onHand } = await stockOf(shop, item);
  await buyer.put(item);
  const cartId = cartIdOf(buyer.cartToken);
  const askWith = (asked: string) => buyer.checkout(item.price, { key: asked });
  const ask = () => askWith(key);

  return {
    shop,
    api,
    buyer,
    key,
    item,
    onHand,
    /** Orders the cart, always with the same key. */
    ask,
    /** Asks until there is an order with a payment page, as a client does that is answered 503. */
    async placed(asked: string = key): Promise<PlacedByBuyer> {
      const { body } = await eventually(
        () => askWith(asked),
        ({ status }) => status === 200 || status === 201,
      );
      return { ...body, authority: authorityOf(body.payment.redirect) };
    },
    /** Pays on the gateway's page. The callback is on its way then. */
    async pay({ authority }: PlacedByBuyer) {
      const { callbackUrl } = await shop.zarinpal.pay(authority);
      return { callbackUrl, callback: buyer.comeBack(callbackUrl) };
    },
    /** Holds up everybody who settles or places an order of this cart, until the lock is released. */
    lockCart: () => lockRows(shop.database, 'SELECT 1 FROM carts WHERE id = $1 FOR UPDATE', [cartId]),
    /** Waits until the order is paid, and expects that it was paid once and that nothing is left over. */
    async expectPaidOnce(placed: PlacedByBuyer): Promise<void> {
      await buyer.waitFor(placed, 'placed');
      const workflow = await workflowOf(shop, placed.order.id).untilEnded();
      expect(workflow).toMatchObject({ status: 'COMPLETED', orderStatus: 'Placed' });
      expect(await ledgerOf(shop, placed.order.id)).toHaveLength(1);
      expect(await stockOf(shop, item)).toEqual({ onHand: onHand - 1, reserved: 0 });
      expect(await orderCountOf(shop, cartId)).toBe(1);
      expect(await shop.zarinpal.session(placed.authority)).toMatchObject({ state: 'VERIFIED' });
    },
  };
}
