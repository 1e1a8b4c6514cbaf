import { expect, test } from 'vitest';

import { withTransaction } from '../../platform/transaction';
import { startProvider } from '../../sandbox/kit/start-provider';
import { supplierProvider } from '../../sandbox/providers/supplier/provider';
import { createReplenishmentCalls } from '../../temporal/replenishment';
import {
  REPLENISHMENT_QUEUE,
  replenishmentWorkflowId,
} from '../../workflows/replenishment/replenishment.contract';
import { LOW_STOCK_SCAN_WORKFLOW } from '../../workflows/replenishment/upkeep.contract';
import { eventually } from '../support/eventually';
import { buildPolicy } from '../support/factories/policies';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { buildSupplier, buildSupplierItem, SUPPLIER_KEY } from '../support/factories/suppliers';
import { expectInvariantsToHold } from '../support/journey';
import { openShopProcesses } from '../support/shop-processes';
import { rows } from '../support/sql';
import { buildRunningOrder } from '../workflows/purchase-orders';

type Order = Awaited<ReturnType<typeof buildRunningOrder>>;

/** What leads to each step, beside a look. */
const STEPS: Readonly<Record<string, (order: Order) => Promise<unknown>>> = {
  readPurchaseOrder: () => Promise.resolve(),
  submitDueOrder: () => Promise.resolve(),
  tellSupplier: () => Promise.resolve(),
  recordMessageOutcome: () => Promise.resolve(),
  async judgeSupplierReplies(order) {
    await order.until('ordered');
    await order.reply('purchase_order.accepted');
  },
  async remindAboutOrder(order) {
    await order.until('ordered');
    await order.makeDue();
  },
};

test.each(Object.keys(STEPS))(
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
      await STEPS[step]!(order);
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

test.each(['decideReplenishment', 'lookAtNeeds'])(
  'a worker that is killed after %s, before Temporal hears of it, leaves one order for one need',
  async (step) => {
    const shop = await openShopProcesses();
    try {
      const { database, temporal } = shop;
      const { id } = await buildStockedVariant(database, { stock: 1 });
      await buildSupplierItem(database, await buildSupplier(database), { variantId: id });
      await buildPolicy(database, id);
      const dying = await shop.startWorkerThatDiesAfter(step);
      const { look } = createReplenishmentCalls(temporal, 60_000);
      if (step === 'decideReplenishment') await look(id);
      else {
        await temporal.workflow.start(LOW_STOCK_SCAN_WORKFLOW, {
          workflowId: 'low-stock-scan',
          taskQueue: REPLENISHMENT_QUEUE,
        });
      }
      expect(await dying.ended).toBe('SIGKILL');

      await shop.startWorker();
      await look(id);
      await temporal.workflow.getHandle(replenishmentWorkflowId(id)).result();
      const requests = await rows(
        database.manager,
        'SELECT quantity FROM purchase_order_requests WHERE variant_id = $1',
        [id],
      );
      expect(requests).toEqual([{ quantity: 29 }]);
      await expectInvariantsToHold(shop);
    } finally {
      await shop.close();
    }
  },
);
