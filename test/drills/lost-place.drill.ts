import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { temporalServes } from '../../sandbox/stack/probes';
import { eventually } from '../support/eventually';
import { restock } from '../support/factories/item';
import { stockOf } from '../support/order-rows';
import { rows } from '../support/sql';
import { openTcpGate } from '../support/tcp-gate';
import { runDrill, type Drill } from './drill';
import { ownTemporal } from './own-temporal';

const temporal = ownTemporal();

/** Whom a message reached before Temporal died. A worker that stands still has asked for work before, and may bring it back. */
type Reached = 'nobody' | 'the worker';

interface LostPlace {
  readonly reached: Reached;
  /** Happens before Temporal dies. */
  readonly meanwhile?: (it: Drill) => Promise<void>;
  /** Happens when Temporal is back and the worker goes on. */
  readonly afterwards: (it: Drill) => Promise<void>;
}

/**
 * Asks for the order while the worker stands still. Temporal then keeps the workflow in its file, and the message that waits
 * for it in its memory alone. Nobody waits for the answer when Temporal dies, so nobody sends the message again.
 */
async function losePlace({ reached, meanwhile, afterwards }: LostPlace): Promise<void> {
  const gate = await openTcpGate(temporal.address);
  try {
    await runDrill(
      async (it) => {
        const worker = await it.shop.startWorker({ TEMPORAL_ADDRESS: gate.address });
        worker.pause();
        if (reached === 'nobody') gate.shut();
        expect((await it.ask()).status).toBe(503);
        expect(await checkouts(it)).toEqual(['RUNNING']);
        await meanwhile?.(it);

        await temporal.kill();
        await eventually(
          () => temporalServes(temporal.address),
          (serves) => serves,
        );
        gate.open();
        worker.goOn();
        await afterwards(it);
      },
      { temporalAddress: temporal.address, setUp: true },
    );
  } finally {
    await gate.close();
  }
}

/** How each workflow of a checkout stands. */
async function checkouts({ shop }: Drill): Promise<string[]> {
  return eventually(
    async () => {
      const found: string[] = [];
      for await (const { status } of shop.temporal.workflow.list({ query: 'WorkflowType = "checkout"' })) {
        found.push(status.name);
      }
      return found;
    },
    (found) => found.length > 0,
  );
}

/** Asks with the same key, as often as the answer is that it may be asked again. */
const untilAnswered = (it: Drill) => eventually(it.ask, ({ status }) => status !== 503);

/** Takes all stock away, as a count of the shelf does. */
const sellOut = async (it: Drill) => restock(it.shop, it.item, -it.onHand);

/** The stock goes, the key is refused for as long as it is gone, and the order is possible again with one of these keys. */
const sellOutAndRestock = (reached: Reached, buysWith: (it: Drill) => string): Promise<void> =>
  losePlace({
    reached,
    meanwhile: sellOut,
    async afterwards(it) {
      await eventually(
        () => checkouts(it),
        (found) => found.includes('COMPLETED'),
      );

      for (const answer of [await untilAnswered(it), await untilAnswered(it)]) {
        expect(answer).toMatchObject({ status: 409, body: { code: 'checkout.out_of_stock' } });
      }
      expect(await rows(it.shop.database.manager, 'SELECT 1 FROM orders')).toEqual([]);

      await restock(it.shop, it.item, it.onHand);
      const placed = await it.placed(buysWith(it));
      await it.pay(placed);
      await it.expectPaidOnce(placed);
    },
  });

describe('a checkout whose message is lost with Temporal while its workflow lives on', () => {
  test('is refused when the stock is gone, and the same key buys when there is stock again', () =>
    sellOutAndRestock('nobody', ({ key }) => key));

  test('is refused when the stock is gone, also when the worker heard, and a new key buys when there is stock again', () =>
    sellOutAndRestock('the worker', () => randomUUID()));

  test('is placed once when there is stock', () =>
    losePlace({
      reached: 'nobody',
      async afterwards(it) {
        const placed = await it.placed();
        expect(await stockOf(it.shop, it.item)).toEqual({ onHand: it.onHand, reserved: 1 });
        await it.pay(placed);
        await it.expectPaidOnce(placed);
      },
    }));

  test('is placed once when its buyer still waits as Temporal dies', () =>
    runDrill(
      async (it) => {
        const worker = await it.shop.startWorker();
        worker.pause();
        const heard = it.ask();
        expect(await checkouts(it)).toEqual(['RUNNING']);

        await temporal.kill();
        worker.goOn();

        expect([200, 201, 503]).toContain((await heard).status);
        const placed = await it.placed();
        await it.pay(placed);
        await it.expectPaidOnce(placed);
      },
      { temporalAddress: temporal.address, setUp: true },
    ));
});
