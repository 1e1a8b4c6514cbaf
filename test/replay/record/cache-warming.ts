import { afterAll, beforeAll, beforeEach, test } from 'vitest';

import { storeHotAddresses } from '../../../api/answers/keep-hot-addresses';
import { createCacheWarmingCalls } from '../../../temporal/cache-warming';
import { CACHE_WARMING_WORKFLOW, warmingRun } from '../../../workflows/cache/cache-warming.contract';
import { openCachedNode, type CachedNode } from '../../support/cached-node';
import { buildProduct } from '../../support/factories/catalog';
import { buildGate } from '../../workflows/gate';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

let shop: WorkflowShop;
let node: CachedNode;

beforeAll(async () => {
  shop = await openWorkflowShop();
  node = await openCachedNode(shop);
  shop.warming.url = node.url;
  const { slug } = await buildProduct(shop.database);
  for (let time = 0; time < 3; time += 1) await node.get(`/products/${slug}`);
  await storeHotAddresses(node.cache.hot, shop.database);
});
beforeEach(() => shop.reset());
afterAll(async () => {
  await node?.close();
  await shop?.close();
});

const { workflowId } = warmingRun('staff');
const historyOf = (runId: string, id = workflowId) =>
  shop.temporal.workflow.getHandle(id, runId).fetchHistory();

test('a run that warms', async () => {
  const handle = await shop.temporal.workflow.start(CACHE_WARMING_WORKFLOW, warmingRun('staff'));
  await handle.result();
  keepHistory('warmed', await historyOf(handle.firstExecutionRunId));
});

test('a run in whose middle more was lost', async () => {
  const gate = buildGate();
  shop.before.set('warmAnswers', gate.pass);
  const handle = await shop.temporal.workflow.start(CACHE_WARMING_WORKFLOW, warmingRun('emptied'));
  await gate.reached;
  await createCacheWarmingCalls(shop.temporal, 60_000).ask('emptied');
  shop.before.clear();
  gate.open();
  await handle.result();
  keepHistory('again', await historyOf(handle.firstExecutionRunId));
});

test('a run that waits for another one', async () => {
  const gate = buildGate();
  shop.before.set('warmAnswers', gate.pass);
  const other = await shop.temporal.workflow.start(CACHE_WARMING_WORKFLOW, {
    ...warmingRun('schedule'),
    workflowId: 'recorded-warming',
  });
  await gate.reached;
  const handle = await shop.temporal.workflow.start(CACHE_WARMING_WORKFLOW, warmingRun('started'));
  await shop.temporal.workflow
    .getHandle(workflowId, handle.firstExecutionRunId, { followRuns: false })
    .result()
    .catch(() => undefined);
  shop.before.clear();
  gate.open();
  await Promise.all([other.result(), handle.result()]);
  keepHistory('waited', await historyOf(handle.firstExecutionRunId));
});
