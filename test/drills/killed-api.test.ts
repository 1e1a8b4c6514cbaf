import { expect, test } from 'vitest';

import { cartIdOf } from '../../entities/carts/cart-token';
import { eventually } from '../support/eventually';
import { orderCountOf } from '../support/order-rows';
import { untilItWaits } from '../support/row-lock';
import { runDrill } from './drill';

test('an API that is killed while the order is being placed leaves an order that the same key finds', () =>
  runDrill(async (it) => {
    await it.shop.startWorker();
    const lock = await it.lockCart();
    const heard = it.ask().catch((error: Error) => error.message);
    await untilItWaits(it.shop.database, 'asoud-worker');

    await it.api.kill();
    await lock.release();

    expect(await heard).toBe('fetch failed');
    await eventually(
      () => orderCountOf(it.shop, cartIdOf(it.buyer.cartToken)),
      (orders) => orders === 1,
    );
    await it.shop.startApi();
    const placed = await it.placed();
    await it.pay(placed);
    await it.expectPaidOnce(placed);
  }));
