import { expect, test } from 'vitest';

import { addHotAddresses } from '../../entities/cache/hot-addresses';
import { withTransaction } from '../../platform/transaction';
import { createCacheWarmingCalls } from '../../temporal/cache-warming';
import type { WarmingReport } from '../../workflows/cache/cache-warming.contract';
import { eventually } from '../support/eventually';
import { openShopProcesses } from '../support/shop-processes';
import { rows } from '../support/sql';

const ADDRESSES = 1_000;

test('a warming whose worker is killed in its middle is finished by another one, once', async () => {
  const shop = await openShopProcesses({
    environment: {
      ...{ WARMING_ADDRESSES: String(ADDRESSES), WARMING_AT_ONCE: '1', WARMING_SECONDS: '240' },
      CATALOG_REQUESTS_PER_MINUTE: '1',
    },
  });
  try {
    await shop.startApi();
    await withTransaction(shop.database, (transaction) =>
      addHotAddresses(
        transaction,
        Array.from({ length: ADDRESSES }, (_, n) => ({
          ...{ name: `list minPrice=${n}`, kind: 'list', language: 'fa' as const, asked: 1 },
          address: `/api/v1/products?minPrice=${n}`,
        })),
      ),
    );
    const first = await shop.startWorker();
    const calls = createCacheWarmingCalls(shop.temporal, 60_000);
    const running = await eventually(
      () =>
        rows<{ id: string; workflowId: string }>(
          shop.database.manager,
          `SELECT id, workflow_id AS "workflowId" FROM job_runs WHERE job = 'cache-warming' AND state = 'running'`,
        ),
      (found) => found.length === 1,
    );
    await eventually(
      () => calls.progress(running[0]!),
      (answer) => answer.kind === 'answered' && (answer.answer?.at ?? 0) > 0,
    );
    await first.kill();

    await shop.startWorker();
    const runs = await eventually(
      () =>
        rows<{ state: string; result: WarmingReport }>(
          shop.database.manager,
          `SELECT state, result FROM job_runs WHERE job = 'cache-warming' AND state <> 'skipped' ORDER BY started_at`,
        ),
      ([run]) => run !== undefined && run.state !== 'running',
    );
    expect(runs[0]).toMatchObject({
      state: 'done',
      result: { asked: ADDRESSES, addresses: ADDRESSES, failed: 0, gone: 0 },
    });
  } finally {
    await shop.close();
  }
});
