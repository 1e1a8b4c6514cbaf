import { afterAll, beforeAll, test } from 'vitest';

import { look, NEEDS_SCAN_WORKFLOW, needsScanOf } from '../../../workflows/replenishment/needs-scan.contract';
import { buildPolicy } from '../../support/factories/policies';
import { buildStockedVariant } from '../../support/factories/stocked-variant';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('a scan that is asked once more while it looks', async () => {
  const { id } = await buildStockedVariant(shop.database, { stock: 1 });
  await buildPolicy(shop.database, id);
  const ask = () =>
    shop.temporal.workflow.signalWithStart(NEEDS_SCAN_WORKFLOW, { ...needsScanOf(), signal: look });
  let isAsked = false;
  shop.before.set('lookAtNeeds', async () => {
    if (isAsked) return;
    isAsked = true;
    await ask();
  });
  const handle = await ask();
  await handle.result();
  keepHistory('asked-again', await handle.fetchHistory());
});
