import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, test } from 'vitest';

import type { CatalogRow } from '../../../entities/imports/catalog-row';
import { importCatalog } from '../../../entities/imports/import-catalog';
import { createCatalogImportCalls } from '../../../temporal/catalog-import';
import { catalogImportWorkflowId } from '../../../workflows/imports/catalog-import.contract';
import { buildSession } from '../../support/factories/accounts';
import { buildCategory } from '../../support/factories/catalog';
import { buildRow, linesOf } from '../../support/factories/catalog-table';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

async function run(sent: readonly CatalogRow[]) {
  const { accountId, sessionId } = await buildSession(shop.database, { kind: 'staff' });
  const actor = { accountId, sessionId, requestId: 'recorded' };
  const digest = randomUUID().replaceAll('-', '').repeat(2);
  const { importId } = await shop.run((transaction) =>
    importCatalog(transaction, actor, { id: randomUUID(), digest, lines: linesOf(sent) }),
  );
  await createCatalogImportCalls(shop.temporal, 60_000).start(importId);
  const handle = shop.temporal.workflow.getHandle(catalogImportWorkflowId(importId));
  await handle.result();
  return handle.fetchHistory();
}

test('a long import that is booked', async () => {
  const { slug: category } = await buildCategory(shop.database);
  keepHistory('booked', await run(Array.from({ length: 2_001 }, () => buildRow({ category }))));
});

test('a long import that is refused', async () => {
  keepHistory('refused', await run(Array.from({ length: 2_001 }, () => buildRow({ category: 'nowhere' }))));
});
