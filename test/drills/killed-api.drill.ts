import { describe, expect, inject, test } from 'vitest';

import { cartIdOf } from '../../entities/carts/cart-token';
import { eventually } from '../support/eventually';
import { orderCountOf, callbacksOf, stockOf } from '../support/order-rows';
import { openTcpGate } from '../support/tcp-gate';
import { runDrill } from './drill';

/** Sweeps that find at once what nobody handled. */
const EAGER_SWEEP = { SWEEP_EVERY_MS: '1000', WAKE_CALLBACKS_AFTER_MS: '0', WORKFLOW_OVERDUE_MS: '1000' };

const messageOf = (error: Error): string => error.message;

describe.concurrent('an API that is killed', () => {
  test('after it stored a callback and before it told anybody loses nothing: the sweep finds the callback', () =>
    runDrill(
      async (it) => {
        await it.shop.startWorker();
        const placed = await it.placed();
        await it.api.kill();
        // This API reaches Postgres but not Temporal, so it stands still right after it stored the callback.
        const gate = await openTcpGate(inject('stack').temporalAddress);
        const cutOff = await it.shop.startApi({ TEMPORAL_ADDRESS: gate.address });
        gate.shut();
        const { callback } = await it.pay(placed);
        const heard = callback.catch(messageOf);
        await eventually(
          () => callbacksOf(it.shop, placed.order.id),
          ({ stored }) => stored === 1,
        );

        await cutOff.kill();
        await gate.close();

        expect(await heard).toBe('fetch failed');
        await it.shop.startApi();
        await it.expectPaidOnce(placed);
        expect(await callbacksOf(it.shop, placed.order.id)).toEqual({ stored: 1, unseen: 0 });
      },
      { setUp: true, environment: EAGER_SWEEP },
    ));

  test('while no worker runs leaves nothing behind that would surprise the buyer', () =>
    runDrill(async (it) => {
      const heard = it.ask().catch(messageOf);
      await eventually(
        () => it.shop.temporal.workflow.count('WorkflowType = "checkout"'),
        ({ count }) => count === 1,
      );

      await it.api.kill();
      expect(await heard).toBe('fetch failed');
      await it.shop.startApi();
      // The buyer goes on shopping, so the unanswered request was for another cart than this one.
      await it.buyer.put(it.item, 2);
      await it.shop.startWorker();
      await eventually(
        () => it.shop.temporal.workflow.count('ExecutionStatus = "Completed"'),
        ({ count }) => count === 1,
      );

      expect(await orderCountOf(it.shop, cartIdOf(it.buyer.cartToken))).toBe(0);
      expect(await stockOf(it.shop, it.item)).toEqual({ onHand: it.onHand, reserved: 0 });
    }));
});
