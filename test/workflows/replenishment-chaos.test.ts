import { afterAll, beforeAll, expect, test } from 'vitest';

import { createReplenishmentCalls } from '../../temporal/replenishment';
import { ROUTES } from '../../workers/relay/routes';
import {
  REPLENISHMENT_QUEUE,
  replenishmentWorkflowId,
} from '../../workflows/replenishment/replenishment.contract';
import { LOW_STOCK_SCAN_WORKFLOW } from '../../workflows/replenishment/upkeep.contract';
import { eventually } from '../support/eventually';
import { buildOrder } from '../support/factories/orders';
import { buildPolicy } from '../support/factories/policies';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { buildSupplier, buildSupplierItem } from '../support/factories/suppliers';
import { drawing } from '../support/random';
import { relayOf, type RelayUnderTest } from '../support/relay';
import { needlessDecisions } from '../support/replenishment/needless-decisions';
import { rows } from '../support/sql';
import { openWorkflowShop, type Hook, type WorkflowShop } from './workflow-shop';

// Twenty variants sell down while workers stop and start, relays are doubled, closed and cut off, and steps fail. The seed is
// fixed: the same is drawn each time, but not at the same instants.

const VARIANTS = 20;
const SALES_OF_EACH = 10;
const UNITS_AT_MOST = 5;
const SELLERS = 4;
/** Sales between two disturbances. */
const SALES_BETWEEN = 8;
const STOCK = 60;
const POLICY = { kind: 'min_max', min: 40, max: 50 } as const;
const PACKS = [1, 4, 6];

let shop: WorkflowShop;
const relays: RelayUnderTest[] = [];
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(async () => {
  await Promise.all(relays.map((relay) => relay.close()));
  await shop?.close();
});

const draw = drawing(20_261_127);
const openRelay = () => relays.push(relayOf(shop, { routes: ROUTES }));

const trouble: Hook = () => {
  if (draw() < 0.15) throw new Error('the connection was lost');
};

interface Reordered extends StockedVariant {
  readonly pack: number;
}

async function buildReordered(place: number, supplierId: string): Promise<Reordered> {
  const variant = await buildStockedVariant(shop.database, { stock: STOCK });
  const pack = PACKS[place % PACKS.length]!;
  await buildSupplierItem(shop.database, supplierId, { variantId: variant.id, pack });
  await buildPolicy(shop.database, variant.id, { policy: POLICY });
  return { ...variant, pack };
}

/** Ends the connection with which a relay leads, as a failing network does. */
const cutOffLeader = () =>
  rows(
    shop.database.manager,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name LIKE 'asoud-lead-%' AND datname = current_database()`,
  );
const scan = () =>
  shop.temporal.workflow.execute(LOW_STOCK_SCAN_WORKFLOW, {
    workflowId: 'low-stock-scan',
    taskQueue: REPLENISHMENT_QUEUE,
    workflowIdConflictPolicy: 'USE_EXISTING',
  });

/** What goes wrong between two sales, in turns. */
const DISTURBANCES: readonly (() => unknown)[] = [
  openRelay,
  () => shop.stopWorkers(),
  cutOffLeader,
  () => shop.startWorkers(),
  scan,
  openRelay,
  () => relays.shift()?.close(),
];

/** Looks at every variant, and waits until nobody decides any more. */
async function settle(variants: readonly Reordered[]): Promise<void> {
  const { look } = createReplenishmentCalls(shop.temporal, 60_000);
  await Promise.all(
    variants.map(async ({ id }) => {
      await look(id);
      await shop.temporal.workflow.getHandle(replenishmentWorkflowId(id)).result();
    }),
  );
}

/** The position of each variant by its id, and what was ordered of it. */
async function positions(): Promise<Map<string, { position: number; decisions: number; requests: number }>> {
  const found = await rows<{ id: string; position: number; decisions: number; requests: number }>(
    shop.database.manager,
    `SELECT p.variant_id AS id, l.on_hand + coalesce(o.units, 0)::integer AS position,
       coalesce(o.requests, 0)::integer AS requests,
       (SELECT count(*) FROM replenishment_decisions d WHERE d.policy_id = p.id)::integer AS decisions
     FROM replenishment_policies p JOIN stock_levels l USING (variant_id) LEFT JOIN (
       SELECT variant_id, sum(quantity) AS units, count(*) AS requests FROM purchase_order_requests GROUP BY variant_id
     ) AS o USING (variant_id)`,
  );
  return new Map(found.map(({ id, ...standing }) => [id, standing]));
}

test('a need that is told just as a decision ends is met, by it or by the next one', async () => {
  const supplierId = await buildSupplier(shop.database);
  const { look } = createReplenishmentCalls(shop.temporal, 60_000);
  const variants = await Promise.all(
    Array.from({ length: 8 }, (_, place) => buildReordered(place, supplierId)),
  );
  for (const variant of variants) {
    // The first decision fills up to about fifty. Sixteen units less are below the point again.
    await buildOrder(shop.database, { stage: 'paid', lines: [{ variant, quantity: 20 }] });
    shop.after.set('decideReplenishment', async () => {
      shop.after.clear();
      await buildOrder(shop.database, { stage: 'paid', lines: [{ variant, quantity: 16 }] });
      void look(variant.id);
    });
    await look(variant.id);
    await shop.temporal.workflow.getHandle(replenishmentWorkflowId(variant.id)).result();
  }
  await settle(variants);
  const found = await positions();
  for (const { id } of variants) expect(found.get(id)).toMatchObject({ decisions: 2, requests: 2 });
  expect(await needlessDecisions(shop.database)).toEqual([]);
});

test('every need is met once, whatever happens to workers, relays and steps', async () => {
  const supplierId = await buildSupplier(shop.database);
  const variants: Reordered[] = [];
  for (let place = 0; place < VARIANTS; place += 1) variants.push(await buildReordered(place, supplierId));
  for (const hooks of [shop.before, shop.after]) hooks.set('decideReplenishment', trouble);
  openRelay();

  const sales = variants
    .flatMap((variant) =>
      Array.from({ length: SALES_OF_EACH }, () => ({
        variant,
        quantity: 1 + Math.floor(draw() * UNITS_AT_MOST),
      })),
    )
    .map((sale) => ({ sale, at: draw() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ sale }) => sale);
  const total = sales.length;
  const sellAll = async () => {
    for (let sale = sales.pop(); sale; sale = sales.pop())
      await buildOrder(shop.database, { stage: 'paid', lines: [sale] });
  };
  const disturb = async () => {
    for (let turn = 0; sales.length > 0; turn += 1) {
      const disturbance = DISTURBANCES[turn % DISTURBANCES.length]!;
      // A scan waits for workers, so it runs beside the others.
      if (disturbance === scan) void scan().catch(() => undefined);
      else await disturbance();
      await eventually(
        () => sales.length,
        (left) => left <= Math.max(0, total - (turn + 1) * SALES_BETWEEN),
      );
    }
  };
  await Promise.all([...Array.from({ length: SELLERS }, sellAll), disturb()]);

  shop.reset();
  await shop.stopWorkers();
  await shop.startWorkers();
  openRelay();
  await scan();
  await settle(variants);
  // On a slow machine each need was met once, after all sales. What is sold now is below the point a second time.
  const most = STOCK - SALES_OF_EACH * UNITS_AT_MOST;
  for (const variant of variants.filter(({ pack }) => pack === 1))
    await buildOrder(shop.database, { stage: 'paid', lines: [{ variant, quantity: most }] });
  await settle(variants);

  const found = await positions();
  for (const { id, pack } of variants) {
    const { position, requests, decisions } = found.get(id)!;
    expect(position).toBeGreaterThan(POLICY.min);
    expect(position).toBeLessThan(POLICY.max + pack);
    expect(requests).toBe(decisions);
  }
  expect(await needlessDecisions(shop.database)).toEqual([]);
  const decisions = variants.reduce((sum, { id }) => sum + found.get(id)!.decisions, 0);
  expect(decisions).toBeGreaterThan(VARIANTS);

  // Told once more, nothing changes.
  await scan();
  await settle(variants);
  expect(await positions()).toEqual(found);
  await shop.assertInvariantsHold();
});
