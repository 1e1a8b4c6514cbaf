import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createAlertActivities } from '../../activities/operations/alert.activities';
import { createPurchasingActivities } from '../../activities/purchasing/purchasing.activities';
import { createSteps } from '../../activities/step';
import { addDays, businessDay, daysBetween, instantOf } from '../../entities/calendar/business-day';
import { arrivesOn } from '../../entities/calendar/supplier-calendar';
import { approveOrder } from '../../entities/purchasing/decide-purchase-order';
import { receiveGoods } from '../../entities/purchasing/receive-goods';
import {
  decideReplenishment,
  type ReplenishmentLook,
} from '../../entities/replenishment/decide-replenishment';
import { newId } from '../../entities/values/uuid';
import { WorkerConfig } from '../../platform/config/worker';
import { createMetrics } from '../../platform/metrics';
import { workerOptions } from '../../temporal/worker-options';
import {
  look as lookAtOrder,
  PURCHASE_ORDER_WORKFLOW,
  PURCHASING_QUEUE,
  purchaseOrderOf,
} from '../../workflows/purchasing/purchase-order.contract';
import {
  look,
  REPLENISHMENT_QUEUE,
  REPLENISHMENT_WORKFLOW,
  replenishmentOf,
  type ReplenishmentResult,
} from '../../workflows/replenishment/replenishment.contract';
import { eventually } from '../support/eventually';
import { buildAdmin } from '../support/factories/staff';
import { SUPPLIER_SECRETS } from '../support/factories/suppliers';
import { drawing } from '../support/random';
import type { OperatedShop } from '../support/replenishment/operated-shop';
import { compareYears, computeAndFindNeeds, type DayWork } from '../support/replenishment/operated-year';
import { diceOf, HISTORY_DAYS } from '../support/replenishment/synthetic-shop';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { startSkippingTemporal, type SkippingTemporal } from '../support/skipping-temporal';
import { rows } from '../support/sql';
import { quietRuntime, workflowBundlePath } from '../support/workflow-runtime';
import { FakeSupplier } from './fake-supplier';

// Twenty SKUs for a year by the real workflows. Temporal's clock jumps from one instant at which something is due to the next, and
// the operations go by the same clock. The year begins tomorrow, because the test server's time begins at the present.

const DAYS = 365;
const LIMIT_MS = 1_200_000;
/** The minute of the night at which the shop decides. */
const NIGHT_MINUTE = 75;

const supplier = new FakeSupplier();
const running: { worker: Worker; ended: Promise<void> }[] = [];
let database: ShopDatabase;
let temporal: SkippingTemporal;
let connection: NativeConnection;

beforeAll(async () => {
  quietRuntime();
  database = await openShopDatabase();
  temporal = await startSkippingTemporal();
  connection = await NativeConnection.connect({ address: temporal.address });
  const metrics = createMetrics();
  const steps = createSteps(database.database);
  const channels = { webhook: supplier, email: supplier, manual: supplier };
  const patience = { remindAfterMs: 3_600_000, escalateAfterMs: 3_600_000 };
  const activities = {
    ...createAlertActivities(metrics),
    ...createPurchasingActivities(steps, database.database, metrics, {
      ...{ channels, secrets: SUPPLIER_SECRETS, overdueByMs: 0, patience },
    }),
    async decideReplenishment(input: ReplenishmentLook) {
      const now = await temporal.now();
      return database.run((transaction) => decideReplenishment(transaction, input, now));
    },
  };
  for (const queue of [REPLENISHMENT_QUEUE, PURCHASING_QUEUE] as const) {
    const worker = await Worker.create({
      ...workerOptions(queue, new WorkerConfig(), connection, temporal.namespace),
      ...{ activities, workflowBundle: await workflowBundlePath() },
    });
    running.push({ worker, ended: worker.run() });
  }
});
afterAll(async () => {
  for (const { worker } of running) worker.shutdown();
  await Promise.all(running.map(({ ended }) => ended));
  await connection?.close();
  await temporal?.close();
  await database?.close();
});

const wakeOrder = (orderId: string) =>
  temporal.client.workflow.signalWithStart(PURCHASE_ORDER_WORKFLOW, {
    ...purchaseOrderOf(orderId),
    ...{ signal: lookAtOrder, signalArgs: [] },
  });

/** Tells the workflow of a variant, as a relay does. */
const askFor = (variantId: string) =>
  temporal.client.workflow.signalWithStart<(input: ReplenishmentLook) => Promise<ReplenishmentResult>>(
    REPLENISHMENT_WORKFLOW,
    { ...replenishmentOf(variantId), signal: look, signalArgs: [] },
  );

interface SentOrder {
  readonly id: string;
  readonly supplierId: string;
  readonly orderedAt: Date;
}

/** The days by the workflows of variants and orders: what is due by the clock they do themselves. */
function byWorkflows(shop: OperatedShop): DayWork {
  const { manager } = database.database;
  const leadTimes = diceOf(drawing(7_000));
  const arrivals = new Map<string, string>();

  async function receive(orderId: string): Promise<void> {
    const ordered = await rows<{ variantId: string; received: number }>(
      manager,
      'SELECT variant_id AS "variantId", ordered AS received FROM purchase_order_lines WHERE order_id = $1',
      [orderId],
    );
    const receiptId = newId();
    const now = await temporal.now();
    await database.run(async (transaction) => {
      await receiveGoods(transaction, {
        ...{ orderId, receiptId, accountId: shop.accountId, note: null, at: now.getTime() },
        lines: ordered.map((line) => ({ ...line, refused: 0 })),
      });
      // The ledger has the clock of Postgres, which does not jump.
      await rows(transaction, 'SET LOCAL session_replication_role = replica');
      await rows(transaction, 'UPDATE stock_movements SET created_at = $2 WHERE ref = $1', [
        `receipt:${receiptId}`,
        now,
      ]);
    });
    await wakeOrder(orderId);
  }

  /** Lets another person approve what needs that, and waits until no order is on its way out. */
  async function untilSent(): Promise<void> {
    const { accountId } = await approver;
    await eventually(
      async () => {
        const now = await temporal.now();
        const open = await rows<{ id: string; status: string }>(
          manager,
          `SELECT id, status FROM purchase_orders
           WHERE status IN ('awaiting_approval', 'sending') OR status = 'collecting' AND cutoff_at <= $1`,
          [now],
        );
        for (const { id } of open.filter(({ status }) => status === 'awaiting_approval')) {
          await database.run((transaction) =>
            approveOrder(transaction, { orderId: id, accountId, at: now.getTime() }),
          );
          await wakeOrder(id);
        }
        return open.length;
      },
      (open) => open === 0,
    );
  }
  const approver = buildAdmin(database.database);

  return {
    async morning(day) {
      await temporal.moveTo(instantOf(day, 1));
      for (const [orderId, arrives] of arrivals) {
        if (arrives !== day) continue;
        await receive(orderId);
        arrivals.delete(orderId);
      }
    },

    async evening(at) {
      await temporal.moveTo(instantOf(addDays(shop.calendar[at]!.day, 1), 0));
      await untilSent();
      const sent = await rows<SentOrder & { leadDays: number; leadSd: number }>(
        manager,
        `SELECT o.id, o.ordered_at AS "orderedAt", s.lead_days AS "leadDays", s.lead_sd AS "leadSd"
         FROM purchase_orders o JOIN suppliers s ON s.id = o.supplier_id WHERE o.status = 'ordered' ORDER BY o.number`,
      );
      for (const { id, orderedAt, leadDays, leadSd } of sent) {
        if (arrivals.has(id)) continue;
        const lead = Math.max(1, Math.round(leadDays + leadSd * leadTimes.normal()));
        const orderedOn = daysBetween(shop.calendar[0]!.day, businessDay(orderedAt));
        arrivals.set(id, shop.calendar[arrivesOn(shop.calendar, orderedOn, lead)]!.day);
      }
    },

    async night(today) {
      await temporal.moveTo(instantOf(today, NIGHT_MINUTE));
      const variantIds = await computeAndFindNeeds(shop, today);
      const asked = [];
      // Each need is told twice: the second finds it met, whether or not the first has ended.
      for (const variantId of variantIds) asked.push(await askFor(variantId), await askFor(variantId));
      const results = await Promise.all(asked.map((handle) => handle.result()));
      for (const orderId of new Set(results.flatMap(({ orderIds }) => orderIds))) await wakeOrder(orderId);
    },
  };
}

test(
  'a year of twenty SKUs by the workflows comes out as on the pure functions, and no need is met twice',
  async () => {
    const firstDay = addDays(businessDay(await temporal.now()), 1 - HISTORY_DAYS);
    const { fill, orders, fillDifference, stockRatio, ordersRatio, needless, broken } = await compareYears(
      database,
      { yearDays: DAYS, firstDay, workOf: byWorkflows },
    );
    process.stderr.write(
      `fill ${fill}, ${orders} decisions, ${supplier.calls.length} messages; beside the pure functions: fill ${fillDifference}, stock × ${stockRatio}, orders × ${ordersRatio}\n`,
    );
    expect(fill).toBeGreaterThan(0.97);
    expect(fillDifference).toBeGreaterThan(-0.015);
    expect(Math.abs(stockRatio - 1)).toBeLessThan(0.15);
    expect(Math.abs(ordersRatio - 1)).toBeLessThan(0.15);
    expect(needless).toEqual([]);
    expect(broken).toEqual(['sales-are-booked-once']);

    // Each order was told to its supplier once, and its workflow ended with it.
    const ids = supplier.calls.map(({ webhookId }) => webhookId);
    expect(new Set(ids).size).toBe(ids.length);
    const received = await rows<{ id: string }>(
      database.database.manager,
      `SELECT id FROM purchase_orders WHERE status = 'received'`,
    );
    expect(received.length).toBeGreaterThan(0);
    for (const { id } of received)
      expect(await temporal.client.workflow.getHandle(purchaseOrderOf(id).workflowId).result()).toBe(
        'received',
      );
  },
  LIMIT_MS,
);
