import { describe, expect, test } from 'vitest';

import { shelf, type ShelfItem } from '../support/buyer';
import { eventually } from '../support/eventually';
import { attemptStatusesOf, ledgerOf, stockOf } from '../support/order-rows';
import { untilItWaits } from '../support/row-lock';
import { rows } from '../support/sql';
import { buyStubbornly } from '../support/stubborn-buyer';
import { workflowOf } from '../support/workflow';
import { runDrill } from './drill';

// These tests mostly wait for Temporal's time-outs, so they wait at the same time. Each has a shop of its own.
describe.concurrent('a worker that is killed', () => {
  test('while the gateway opens a page leaves the buyer another one', () =>
    runDrill(async (it) => {
      const worker = await it.shop.startWorker();
      await it.shop.zarinpal.fault({ kind: 'slow', when: 'after', endpoint: 'request', ms: 8_000 });
      const asked = it.ask();
      await eventually(
        () => it.shop.zarinpal.sessions(),
        (sessions) => sessions.length === 1,
      );

      await worker.kill();
      await it.shop.startWorker();

      expect((await asked).status).toBe(503);
      const placed = await it.placed();
      expect(await attemptStatusesOf(it.shop, placed.order.id)).toEqual(['closed', 'open']);
      await it.pay(placed);
      await it.expectPaidOnce(placed);
    }));

  test('while the gateway takes the money is followed by one that finds the money', () =>
    runDrill(async (it) => {
      const worker = await it.shop.startWorker();
      const placed = await it.placed();
      await it.shop.zarinpal.fault({ kind: 'slow', when: 'after', endpoint: 'verify', ms: 8_000 });
      const { callback } = await it.pay(placed);
      await eventually(
        () => it.shop.zarinpal.session(placed.authority),
        ({ state }) => state === 'VERIFIED',
      );

      await worker.kill();
      await it.shop.startWorker();

      expect((await callback).body.status).toBe('pending');
      await it.expectPaidOnce(placed);
    }));

  test.each(['beginCapture', 'confirmOrder'])(
    'between what %s did and its completion leaves an order that is paid once',
    (step) =>
      runDrill(async (it) => {
        const dying = await it.shop.startWorkerThatDiesAfter(step);
        const placed = await it.placed();
        const { callback, callbackUrl } = await it.pay(placed);
        expect(await dying.ended).toBe('SIGKILL');
        await it.shop.startWorker();

        await callback;
        await it.expectPaidOnce(placed);
        expect((await it.buyer.comeBack(callbackUrl)).body.status).toBe('paid');
      }),
  );

  test.each(['placeOrder', 'recordAuthority'])(
    'between the commit of %s and its completion leaves one order with one page',
    (step) =>
      runDrill(async (it) => {
        const dying = await it.shop.startWorkerThatDiesAfter(step);
        const asked = it.ask();
        expect(await dying.ended).toBe('SIGKILL');
        await it.shop.startWorker();

        await asked;
        const placed = await it.placed();
        const statuses = await attemptStatusesOf(it.shop, placed.order.id);
        expect(statuses.filter((status) => status === 'open')).toHaveLength(1);
        await it.pay(placed);
        await it.expectPaidOnce(placed);
      }),
  );

  test('while it places an order is followed by one that places it, once', () =>
    runDrill(async (it) => {
      const worker = await it.shop.startWorker();
      const lock = await it.lockCart();
      const asked = it.ask();
      await untilItWaits(it.shop.database, 'asoud-worker');

      await worker.kill();
      await lock.release();
      await it.shop.startWorker();

      await asked;
      const placed = await it.placed();
      await it.pay(placed);
      await it.expectPaidOnce(placed);
    }));

  test('while it settles an order is followed by one that settles it once and asks the gateway nothing', () =>
    runDrill(async (it) => {
      const worker = await it.shop.startWorker();
      const placed = await it.placed();
      const lock = await it.lockCart();
      const { callback } = await it.pay(placed);
      await untilItWaits(it.shop.database, 'asoud-worker');

      await worker.kill();
      await lock.release();
      await it.shop.startWorker();

      expect(['paid', 'pending']).toContain((await callback).body.status);
      await it.expectPaidOnce(placed);
      const { authority } = placed;
      const verifies = await it.shop.zarinpal.journal({ authority, endpoint: 'verify', kind: 'request' });
      expect(verifies).toHaveLength(1);
    }));

  test('between the commit of closeOrder and its completion gives the stock back once', () =>
    runDrill(async (it) => {
      const dying = await it.shop.startWorkerThatDiesAfter('closeOrder');
      const placed = await it.placed();
      const cancelled = it.buyer.cancel(placed, { key: it.key });
      expect(await dying.ended).toBe('SIGKILL');
      await it.shop.startWorker();

      await cancelled;
      const { body } = await eventually(
        () => it.buyer.cancel(placed, { key: it.key }),
        ({ status }) => status === 200,
      );
      expect(body.order.status).toBe('cancelled');
      expect(await stockOf(it.shop, it.item)).toEqual({ onHand: it.onHand, reserved: 0 });
    }));

  test('again and again, while a crowd buys, costs nobody an order and pays none twice', () =>
    runDrill(async ({ shop }) => {
      let worker = await shop.startWorker();
      const takeItem = shelf(shop);
      const items: ShelfItem[] = [];
      for (let buyers = 0; buyers < 12; buyers += 1) items.push(await takeItem());
      const bought = Promise.all(items.map((item) => buyStubbornly(shop, item)));
      for (const milestone of ['order.created', 'order.payment_opened', 'order.paid']) {
        await eventually(
          () => rows(shop.database.manager, 'SELECT 1 FROM events WHERE type = $1', [milestone]),
          (reached) => reached.length >= 2,
        );
        await worker.kill();
        worker = await shop.startWorker();
      }

      for (const placed of await bought) {
        expect(await workflowOf(shop, placed.order.id).untilEnded()).toMatchObject({ orderStatus: 'Placed' });
        expect(await ledgerOf(shop, placed.order.id)).toHaveLength(1);
      }
    }));
});
