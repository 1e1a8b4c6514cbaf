import { expect, test } from 'vitest';

import { withTransaction } from '../../platform/transaction';
import { startProvider } from '../../sandbox/kit/start-provider';
import { supplierProvider } from '../../sandbox/providers/supplier/provider';
import { eventually } from '../support/eventually';
import { SUPPLIER_KEY } from '../support/factories/suppliers';
import { expectInvariantsToHold } from '../support/journey';
import { openShopProcesses } from '../support/shop-processes';
import { buildRunningOrder } from '../workflows/purchase-orders';

const STEPS = ['readPurchaseOrder', 'submitDueOrder', 'tellSupplier', 'recordMessageOutcome'];

test.each(STEPS)(
  'a worker that is killed after %s, before Temporal hears of it, leaves one order that its supplier got once',
  async (step) => {
    const supplier = await startProvider(supplierProvider(), { port: 0 });
    const shop = await openShopProcesses({ environment: { SUPPLIER_KEYS: SUPPLIER_KEY } });
    try {
      const { database, temporal } = shop;
      const dying = await shop.startWorkerThatDiesAfter(step);
      const order = await buildRunningOrder(
        { database, temporal, run: (operation) => withTransaction(database, operation) },
        { address: `${supplier.url}/orders`, starts: false },
      );
      const secret = JSON.stringify({ secret: order.secret });
      const headers = { 'content-type': 'application/json' };
      await fetch(`${supplier.url}/_sandbox/secret`, { method: 'PUT', headers, body: secret });
      await order.look();
      expect(await dying.ended).toBe('SIGKILL');

      await shop.startWorker();
      await eventually(
        async () => {
          const { status, message } = await order.read();
          if (message?.status === 'unknown') await order.makeDue();
          return status;
        },
        (status) => status === 'ordered',
      );
      await order.receive(10);
      expect(await order.handle.result()).toBe('received');
      const known = (await (await fetch(`${supplier.url}/_sandbox/orders`)).json()) as {
        orders: { webhookIds: string[] }[];
      };
      expect(known.orders.map(({ webhookIds }) => webhookIds)).toEqual([[`${order.orderId}-r1`]]);
      await expectInvariantsToHold(shop);
    } finally {
      await shop.close();
      await supplier.stop();
    }
  },
);
