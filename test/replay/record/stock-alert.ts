import { afterAll, beforeAll, test } from 'vitest';

import {
  look,
  STOCK_ALERT_WORKFLOW,
  stockAlertOf,
  stockAlertWorkflowId,
} from '../../../workflows/inventory/stock-alert.contract';
import { eventually } from '../../support/eventually';
import { buildWaiting, moveStock } from '../../support/factories/stock-waits';
import { buildStockedVariant } from '../../support/factories/stocked-variant';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

const handleOf = (variantId: string) => shop.temporal.workflow.getHandle(stockAlertWorkflowId(variantId));
const wake = (variantId: string) =>
  shop.temporal.workflow.signalWithStart(STOCK_ALERT_WORKFLOW, {
    ...stockAlertOf(variantId),
    signal: look.name,
  });

async function keep(name: string, variantId: string): Promise<void> {
  await handleOf(variantId).result();
  keepHistory(name, await handleOf(variantId).fetchHistory());
}

test('people who wait are told', async () => {
  const { id } = await buildStockedVariant(shop.database, { stock: 0 });
  await buildWaiting(shop.database, id, 2);
  await moveStock(shop.database, id, 2);
  await wake(id);
  await keep('told', id);
});

test('some wait for what the first ones leave, until it is gone', async () => {
  const { id } = await buildStockedVariant(shop.database, { stock: 0 });
  await buildWaiting(shop.database, id, 3);
  await moveStock(shop.database, id, 1);
  await wake(id);
  await eventually(
    async () => (await handleOf(id).fetchHistory()).events ?? [],
    (events) => events.some((event) => event.timerStartedEventAttributes),
  );
  await moveStock(shop.database, id, -1);
  await wake(id);
  await keep('waited', id);
});
