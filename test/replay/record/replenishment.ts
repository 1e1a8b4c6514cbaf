import { afterAll, beforeAll, beforeEach, test } from 'vitest';

import { newId } from '../../../entities/values/uuid';
import { createReplenishmentCalls, type ReplenishmentCalls } from '../../../temporal/replenishment';
import { replenishmentWorkflowId } from '../../../workflows/replenishment/replenishment.contract';
import { buildPolicy } from '../../support/factories/policies';
import { buildStockedVariant } from '../../support/factories/stocked-variant';
import { buildSupplier, buildSupplierItem } from '../../support/factories/suppliers';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

let shop: WorkflowShop;
let calls: ReplenishmentCalls;
let supplierId: string;

beforeAll(async () => {
  shop = await openWorkflowShop();
  calls = createReplenishmentCalls(shop.temporal, 60_000);
  supplierId = await buildSupplier(shop.database);
});
beforeEach(() => shop.reset());
afterAll(() => shop?.close());

async function buildReordered(stock: number): Promise<string> {
  const { id } = await buildStockedVariant(shop.database, {
    stock,
    sku: `RECORDED-${stock}-${newId().slice(-6)}`,
  });
  await buildSupplierItem(shop.database, supplierId, { variantId: id });
  await buildPolicy(shop.database, id);
  return id;
}

async function keep(name: string, variantId: string): Promise<void> {
  await calls.look(variantId);
  const handle = shop.temporal.workflow.getHandle(replenishmentWorkflowId(variantId));
  await handle.result();
  keepHistory(name, await handle.fetchHistory());
}

test('a decision that orders', async () => {
  await keep('ordered', await buildReordered(2));
});

test('a decision that finds enough', async () => {
  await keep('nothing-needed', await buildReordered(60));
});

test('a variant that does not exist any more', async () => {
  await keep('unknown-variant', newId());
});

test('a decision that is asked for again while it is made', async () => {
  const id = await buildReordered(2);
  let asked = false;
  shop.before.set('decideReplenishment', async () => {
    if (asked) return;
    asked = true;
    await calls.look(id);
  });
  await keep('looked-again', id);
});

test('a decision whose step fails before and after its commit', async () => {
  const id = await buildReordered(2);
  for (const hooks of [shop.before, shop.after]) {
    let failed = false;
    hooks.set('decideReplenishment', () => {
      if (failed) return;
      failed = true;
      throw new Error('the connection was lost');
    });
  }
  await keep('retried', id);
});
