import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { temporalServes } from '../../sandbox/stack/probes';
import { eventually } from '../support/eventually';
import { restock } from '../support/factories/item';
import { stockOf } from '../support/order-rows';
import { rows } from '../support/sql';
import { runDrill, type Drill } from './drill';
import { ownTemporal } from './own-temporal';

const temporal = ownTemporal();
const drill = (work: (it: Drill) => Promise<void>) =>
  runDrill(work, { temporalAddress: temporal.address, setUp: true });

/**
 * Asks for the order while the worker stands still, so that Temporal keeps the workflow in its file, and the message that
 * waits for it in its memory alone. Nobody waits for the answer when Temporal dies, so nobody sends the message again.
 */
async function loseThePlace(it: Drill, meanwhile: () => Promise<void>): Promise<void> {
  const worker = await it.shop.startWorker();
  worker.pause();
  const heard = await it.ask();
  expect(heard.status).toBe(503);
  expect(await checkouts(it)).toEqual(['RUNNING']);
  await meanwhile();

  await temporal.kill();
  worker.goOn();
  await eventually(
    () => temporalServes(temporal.address),
    (serves) => serves,
  );
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

describe('a checkout whose message is lost with Temporal while its workflow lives on', () => {
  test.each(['the same key', 'a new key'])(
    'is refused when the stock is gone, and buys with %s when there is stock again',
    (which) =>
      drill(async (it) => {
        await loseThePlace(it, () => sellOut(it));
        await eventually(
          () => checkouts(it),
          (found) => found.includes('COMPLETED'),
        );

        for (const answer of [await untilAnswered(it), await untilAnswered(it)]) {
          expect(answer).toMatchObject({ status: 409, body: { code: 'checkout.out_of_stock' } });
        }
        expect(await rows(it.shop.database.manager, 'SELECT 1 FROM orders')).toEqual([]);

        await restock(it.shop, it.item, it.onHand);
        const placed = await it.placed(which === 'the same key' ? it.key : randomUUID());
        await it.pay(placed);
        await it.expectPaidOnce(placed);
      }),
  );

  test('is placed once when there is stock', () =>
    drill(async (it) => {
      await loseThePlace(it, async () => undefined);

      const placed = await it.placed();
      expect(await stockOf(it.shop, it.item)).toEqual({ onHand: it.onHand, reserved: 1 });
      await it.pay(placed);
      await it.expectPaidOnce(placed);
      const ended = await eventually(
        () => checkouts(it),
        (found) => !found.includes('RUNNING'),
      );
      expect(ended).toEqual(['COMPLETED']);
    }));

  test('is placed once when its buyer still waits as Temporal dies', () =>
    drill(async (it) => {
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
    }));
});
