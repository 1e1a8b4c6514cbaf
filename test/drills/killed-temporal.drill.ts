import { expect, test } from 'vitest';

import { Buyer } from '../support/buyer';
import { buildItem } from '../support/factories/item';
import { stockOf } from '../support/order-rows';
import { workflowOf } from '../support/workflow';
import { runDrill } from './drill';
import { ownTemporal } from './own-temporal';

const temporal = ownTemporal();

test('a Temporal service that is killed and comes back goes on with every workflow', () =>
  runDrill(
    async (it) => {
      await it.shop.startWorker();
      const placed = await it.placed();
      const forgetful = new Buyer(it.shop);
      const left = await buildItem(it.shop, { stock: 3 });
      const never = await forgetful.order(left);

      await temporal.kill();
      const { callback } = await it.pay(placed);

      expect(['pending', 'paid']).toContain((await callback).body.status);
      await it.expectPaidOnce(placed);
      await forgetful.waitFor(never, 'expired');
      await workflowOf(it.shop, never.order.id).untilShown('Expired');
      expect(await stockOf(it.shop, left)).toEqual({ onHand: 3, reserved: 0 });
    },
    {
      temporalAddress: temporal.address,
      setUp: true,
      environment: {
        AUTHORITY_LIFETIME_MS: '15000',
        DEADLINE_MARGIN_MS: '0',
        SWEEP_EVERY_MS: '1000',
        WAKE_CALLBACKS_AFTER_MS: '0',
      },
    },
  ));
