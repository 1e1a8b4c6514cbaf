import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { businessDay } from '../../entities/calendar/business-day';
import { changeLocation } from '../../entities/inventory/change-location';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { lockSupplier, putSupplierItem, setSupplierStatus } from '../../entities/purchasing/change-supplier';
import { approveOrder, cancelOrder } from '../../entities/purchasing/decide-purchase-order';
import { requirePurchaseOrderState } from '../../entities/purchasing/purchase-order-state';
import { closeOrderShort } from '../../entities/purchasing/receive-goods';
import { submitOrderNow } from '../../entities/purchasing/submit-purchase-order';
import { changePolicy } from '../../entities/replenishment/change-policy';
import { draftTransfer } from '../../entities/transfers/draft-transfer';
import { cancelTransfer, shipTransfer } from '../../entities/transfers/run-transfer';
import { newId } from '../../entities/values/uuid';
import { createReplenishmentCalls } from '../../temporal/replenishment';
import { ROUTES } from '../../workers/relay/routes';
import {
  REPLENISHMENT_QUEUE,
  replenishmentWorkflowId,
  type ReplenishmentResult,
} from '../../workflows/replenishment/replenishment.contract';
import {
  LOW_STOCK_SCAN_WORKFLOW,
  REPLENISHMENT_UPKEEP_WORKFLOW,
} from '../../workflows/replenishment/upkeep.contract';
import { eventually } from '../support/eventually';
import { buildAccount } from '../support/factories/accounts';
import { buildLedger } from '../support/factories/ledger';
import { buildOrder } from '../support/factories/orders';
import { buildPolicy } from '../support/factories/policies';
import { buildAdmin } from '../support/factories/staff';
import { buildLocation, receive } from '../support/factories/stock-locations';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { buildSupplier, buildSupplierItem } from '../support/factories/suppliers';
import { relayOf, type RelayUnderTest } from '../support/relay';
import { rows } from '../support/sql';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

const DEADLINE_MS = 60_000;

let shop: WorkflowShop;
let supplierId: string;
const relays: RelayUnderTest[] = [];
beforeAll(async () => {
  shop = await openWorkflowShop();
  supplierId = await buildSupplier(shop.database);
});
beforeEach(() => shop.reset());
afterEach(() => Promise.all(relays.splice(0).map((relay) => relay.close())));
afterAll(() => shop?.close());

/** Reordered at 5 units up to 30. */
async function buildReordered(stock: number) {
  const variant = await buildStockedVariant(shop.database, { stock });
  await buildSupplierItem(shop.database, supplierId, { variantId: variant.id });
  await buildPolicy(shop.database, variant.id);
  return variant;
}
const look = (variantId: string) => createReplenishmentCalls(shop.temporal, DEADLINE_MS).look(variantId);
const handleOf = (variantId: string) => shop.temporal.workflow.getHandle(replenishmentWorkflowId(variantId));
const resultOf = (variantId: string) => handleOf(variantId).result() as Promise<ReplenishmentResult>;
const requestsOf = async (...variantIds: string[]) => {
  const [found] = await rows<{ requests: number; units: number }>(
    shop.database.manager,
    `SELECT count(*)::integer AS requests, coalesce(sum(quantity), 0)::integer AS units
     FROM purchase_order_requests WHERE variant_id = ANY ($1)`,
    [variantIds],
  );
  return found;
};

describe('the decision about a variant', () => {
  test('orders once, says so and ends; a later look finds the need met', async () => {
    const { id } = await buildReordered(2);
    await look(id);
    expect(await resultOf(id)).toMatchObject({ orderIds: [expect.any(String)] });
    await look(id);
    expect(await resultOf(id)).toMatchObject({ orderIds: [] });
    expect(await requestsOf(id)).toEqual({ requests: 1, units: 28 });
  });

  test('looks again when it was asked while it decided', async () => {
    const { id } = await buildReordered(2);
    let asked = false;
    shop.before.set('decideReplenishment', async () => {
      if (asked) return;
      asked = true;
      await Promise.all([look(id), look(id), look(id)]);
    });
    await look(id);
    expect(await resultOf(id)).toMatchObject({ looks: 2 });
    expect(await requestsOf(id)).toMatchObject({ requests: 1 });
  });

  test('orders once when its worker dies before or after the commit', async () => {
    for (const hooks of [shop.before, shop.after]) {
      const { id } = await buildReordered(2);
      let failures = 2;
      hooks.set('decideReplenishment', () => {
        failures -= 1;
        if (failures >= 0) throw new Error('the worker died');
      });
      await look(id);
      await resultOf(id);
      expect(await requestsOf(id)).toEqual({ requests: 1, units: 28 });
      shop.reset();
    }
  });

  test('orders once when an operator resets it', async () => {
    const { id } = await buildReordered(2);
    await look(id);
    await resultOf(id);
    const { runId } = await handleOf(id).describe();
    const { events } = await handleOf(id).fetchHistory();
    const task = events!.find((event) => event.workflowTaskCompletedEventAttributes)!;
    await shop.temporal.workflowService.resetWorkflowExecution({
      namespace: shop.namespace,
      workflowExecution: { workflowId: replenishmentWorkflowId(id), runId },
      workflowTaskFinishEventId: task.eventId,
      requestId: runId,
    });
    await resultOf(id);
    expect(shop.runsOf('decideReplenishment')).toBeGreaterThan(1);
    expect(await requestsOf(id)).toEqual({ requests: 1, units: 28 });
  });
});

test('thirty variants that sell down at once are each reordered once, by two relays of which one dies', async () => {
  const variants = await Promise.all(Array.from({ length: 30 }, () => buildReordered(7)));
  const ids = variants.map(({ id }) => id);
  const first = relayOf(shop, { routes: ROUTES });
  relays.push(first);
  await first.leads();
  relays.push(relayOf(shop, { routes: ROUTES }));
  const sell = (variant: (typeof variants)[number]) =>
    buildOrder(shop.database, { stage: 'paid', lines: [{ variant, quantity: 3 }] });
  await Promise.all(variants.slice(0, 15).map(sell));
  await Promise.all([first.close(), ...variants.slice(15).map(sell)]);
  await eventually(
    () => requestsOf(...ids),
    (found) => found!.requests === 30,
  );
  // Told once more, nothing changes.
  await Promise.all(ids.map(look));
  await Promise.all(ids.map(resultOf));
  expect(await requestsOf(...ids)).toEqual({ requests: 30, units: 30 * 26 });
  await shop.assertInvariantsHold();
});

describe('the relay wakes a decision at once', () => {
  const relay = async (routes = ROUTES) => {
    const opened = relayOf(shop, { name: randomUUID(), routes });
    relays.push(opened);
    await opened.leads();
  };
  const untilOrdered = (variantId: string, requests: number) =>
    eventually(
      () => requestsOf(variantId),
      (found) => found!.requests === requests,
    );
  const standing = async (variantId: string) =>
    (
      await rows<{ orderId: string; stuck: string | null }>(
        shop.database.manager,
        `SELECT l.order_id AS "orderId", p.stuck FROM purchase_order_lines l JOIN purchase_orders o ON o.id = l.order_id
           JOIN replenishment_policies p USING (variant_id)
         WHERE l.variant_id = $1 ORDER BY o.number DESC LIMIT 1`,
        [variantId],
      )
    )[0]!;

  test('when an order ends without its units, and keeps a no of a person', async () => {
    await relay();
    const [short, declined] = [await buildReordered(2), await buildReordered(2)];
    for (const { id } of [short, declined]) {
      // Orders of their own: another supplier for each.
      await rows(shop.database.manager, 'DELETE FROM supplier_items WHERE variant_id = $1', [id]);
      await buildSupplierItem(shop.database, await buildSupplier(shop.database), { variantId: id });
      await look(id);
      await untilOrdered(id, 1);
    }
    const at = Date.now();
    const { orderId } = await standing(short.id);
    await shop.run((transaction) => submitOrderNow(transaction, { orderId, at }));
    const { id: accountId } = await buildAccount(shop.database);
    await shop.run((transaction) => approveOrder(transaction, { orderId, accountId, at }));
    await eventually(
      () => shop.run((transaction) => requirePurchaseOrderState(transaction, orderId)),
      ({ status }) => status === 'ordered',
    );
    await shop.run((transaction) => closeOrderShort(transaction, { orderId, at }));
    await untilOrdered(short.id, 2);

    const { orderId: unwanted } = await standing(declined.id);
    await shop.run((transaction) => cancelOrder(transaction, { orderId: unwanted, at }));
    await eventually(
      () => standing(declined.id),
      ({ stuck }) => stuck === 'declined',
    );
    expect(await requestsOf(declined.id)).toMatchObject({ requests: 1 });
  });

  test('when a location stops selling, and when a supplier delivers again', async () => {
    const variant = await buildReordered(2);
    const place = await buildLocation(shop.database);
    await receive(shop.database, variant.id, place, 40);
    const paused = await buildSupplier(shop.database, { status: 'paused' });
    const waiting = await buildStockedVariant(shop.database, { stock: 1 });
    await buildSupplierItem(shop.database, paused, { variantId: waiting.id });
    await buildPolicy(shop.database, waiting.id);
    await relay();
    const admin = await buildAdmin(shop.database);
    await shop.run((transaction) => changeLocation(transaction, admin, { id: place, seen: 0, sells: false }));
    await untilOrdered(variant.id, 1);

    await look(waiting.id);
    await resultOf(waiting.id);
    expect(await requestsOf(waiting.id)).toMatchObject({ requests: 0 });
    await shop.run(async (transaction) =>
      setSupplierStatus(transaction, await lockSupplier(transaction, paused), 'active'),
    );
    await untilOrdered(waiting.id, 1);
  });

  /** Events of one type alone wake what they wake. */
  const relayOnly = (type: string) =>
    relay(ROUTES.map((route) => ({ ...route, isFor: (event) => event.type === type && route.isFor(event) })));

  test('when a policy changes', async () => {
    const variant = await buildStockedVariant(shop.database, { stock: 10 });
    await buildSupplierItem(shop.database, supplierId, { variantId: variant.id });
    const policyId = await buildPolicy(shop.database, variant.id);
    const [{ seen }] = (await rows<{ seen: number }>(
      shop.database.manager,
      'SELECT version AS seen FROM replenishment_policies WHERE id = $1',
      [policyId],
    )) as [{ seen: number }];
    const admin = await buildAdmin(shop.database);
    await relayOnly('replenishment.policy_changed');
    await shop.run((transaction) =>
      changePolicy(transaction, admin, {
        ...{ policyId, seen, valueLimit: null, paused: false, today: businessDay(new Date()) },
        policy: { kind: 'min_max', min: 15, max: 30 },
      }),
    );
    await untilOrdered(variant.id, 1);
  });

  test('when a supplier begins to sell the variant', async () => {
    const variant = await buildStockedVariant(shop.database, { stock: 2 });
    await buildPolicy(shop.database, variant.id);
    await look(variant.id);
    await resultOf(variant.id);
    expect(await requestsOf(variant.id)).toMatchObject({ requests: 0 });
    await relayOnly('supplier.item_changed');
    await shop.run((transaction) =>
      putSupplierItem(transaction, supplierId, {
        ...{ variantId: variant.id, supplierSku: randomUUID(), pack: 1, minimumOrder: 1 },
        ...{ unitCost: 100_000, preferred: true, maySetCost: true },
      }),
    );
    await untilOrdered(variant.id, 1);
  });

  test('when a transfer that was to meet the need is cancelled', async () => {
    const variant = await buildStockedVariant(shop.database, { stock: 2 });
    await buildSupplierItem(shop.database, supplierId, { variantId: variant.id });
    const { id: variantId } = variant;
    const rich = await buildLocation(shop.database, { sells: false });
    await receive(shop.database, variantId, rich, 28);
    await buildPolicy(shop.database, variantId, { locationId: DEFAULT_LOCATION_ID });
    const [admin, id] = [await buildAdmin(shop.database), newId()];
    await shop.run(async (transaction) => {
      const draft = { id, fromId: rich, toId: DEFAULT_LOCATION_ID, note: null };
      await draftTransfer(transaction, admin, { ...draft, lines: [{ variantId, quantity: 28 }] });
      await shipTransfer(transaction, admin, { id, seen: 1 });
    });
    await look(variantId);
    await resultOf(variantId);
    expect(await requestsOf(variantId)).toMatchObject({ requests: 0 });
    await relayOnly('transfer.cancelled');
    await shop.run((transaction) =>
      cancelTransfer(transaction, admin, {
        ...{ id, receiptId: newId() },
        lines: [{ variantId, returned: 0, lost: 28 }],
      }),
    );
    await untilOrdered(variantId, 1);
  });
});

test('the hourly scan has needs looked at that nobody has told', async () => {
  const { id } = await buildReordered(1);
  await shop.temporal.workflow.execute(LOW_STOCK_SCAN_WORKFLOW, {
    workflowId: 'low-stock-scan',
    taskQueue: REPLENISHMENT_QUEUE,
  });
  await resultOf(id);
  expect(await requestsOf(id)).toMatchObject({ requests: 1 });
});

test('the hourly scan cancels a decided draft that nobody shipped, and has the goods ordered', async () => {
  const variant = await buildReordered(2);
  const rich = await buildLocation(shop.database, { sells: false });
  await receive(shop.database, variant.id, rich, 60);
  await rows(shop.database.manager, 'DELETE FROM replenishment_policies WHERE variant_id = $1', [variant.id]);
  for (const locationId of [DEFAULT_LOCATION_ID, rich]) {
    await buildPolicy(shop.database, variant.id, { locationId });
  }
  await look(variant.id);
  await resultOf(variant.id);
  const drafts = `FROM stock_transfer_lines l WHERE l.transfer_id = t.id AND l.variant_id = $1`;
  await rows(
    shop.database.manager,
    `UPDATE stock_transfers t SET created_at = now() - interval '8 days' ${drafts}`,
    [variant.id],
  );
  await shop.temporal.workflow.execute(LOW_STOCK_SCAN_WORKFLOW, {
    workflowId: 'low-stock-scan',
    taskQueue: REPLENISHMENT_QUEUE,
  });
  await resultOf(variant.id);
  expect(await requestsOf(variant.id)).toEqual({ requests: 1, units: 28 });
  const { values } = await shop.metrics.registry.getSingleMetric('asoud_alerts_total')!.get();
  expect(values).toContainEqual({ labels: { code: 'transfer.draft_cancelled' }, value: 1 });
});

test('the work of the night rolls up demand and moves reorder points', async () => {
  const variant = await buildStockedVariant(shop.database, { stock: 0 });
  await buildSupplierItem(shop.database, supplierId, { variantId: variant.id });
  const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  await buildLedger(shop.database, variant.id, [
    { at: `${day(41)} 00:00`, delta: 500 },
    ...Array.from({ length: 38 }, (_, at) => ({
      at: `${day(40 - at)} 12:00`,
      delta: -6,
      reason: 'sale' as const,
    })),
  ]);
  const policy = { kind: 'days_of_cover', safetyDays: 2, coverDays: 14 } as const;
  await buildPolicy(shop.database, variant.id, { policy });
  const pointOf = async () => {
    const [level] = await rows<{ point: number }>(
      shop.database.manager,
      'SELECT reorder_point AS point FROM stock_levels WHERE variant_id = $1',
      [variant.id],
    );
    return level!.point;
  };
  expect(await pointOf()).toBe(0);
  const run = () =>
    shop.temporal.workflow.execute(REPLENISHMENT_UPKEEP_WORKFLOW, {
      workflowId: 'replenishment-upkeep',
      taskQueue: REPLENISHMENT_QUEUE,
    });
  await run();
  const point = await pointOf();
  expect(point).toBeGreaterThan(20);
  await run();
  expect(await pointOf()).toBe(point);
});
