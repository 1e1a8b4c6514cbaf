import { expect, test } from 'vitest';

import { runDrill } from './drill';

test('a worker that is killed between what verifyPayment did and its completion leaves an order that is paid once', () =>
  runDrill(async (it) => {
    const dying = await it.shop.startWorkerThatDiesAfter('verifyPayment');
    const placed = await it.placed();
    const { callback, callbackUrl } = await it.pay(placed);
    expect(await dying.ended).toBe('SIGKILL');
    await it.shop.startWorker();

    await callback;
    await it.expectPaidOnce(placed);
    expect((await it.buyer.comeBack(callbackUrl)).body.status).toBe('paid');
  }));
