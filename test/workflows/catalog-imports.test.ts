import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import type { CatalogRow } from '../../entities/imports/catalog-row';
import { importCatalog } from '../../entities/imports/import-catalog';
import { readImport } from '../../entities/imports/read-imports';
import { newId } from '../../entities/values/uuid';
import { createCatalogImportCalls } from '../../temporal/catalog-import';
import {
  CATALOG_IMPORT_SWEEP_WORKFLOW,
  catalogImportWorkflowId,
  IMPORT_QUEUE,
} from '../../workflows/imports/catalog-import.contract';
import { buildSession } from '../support/factories/accounts';
import { buildCategory, buildProduct } from '../support/factories/catalog';
import { buildRow, linesOf } from '../support/factories/catalog-table';
import { row, rows } from '../support/sql';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

const LINES = 2_010;

let shop: WorkflowShop;
let category: string;
beforeAll(async () => {
  shop = await openWorkflowShop();
  category = (await buildCategory(shop.database)).slug;
});
afterEach(() => shop.reset());
afterAll(() => shop.close());

const manyRows = () => Array.from({ length: LINES }, () => buildRow({ category }));

async function keep(sent: readonly CatalogRow[]): Promise<string> {
  const { accountId, sessionId } = await buildSession(shop.database, { kind: 'staff' });
  const digest = randomUUID().replaceAll('-', '').repeat(2);
  const { importId } = await shop.run((transaction) =>
    importCatalog(
      transaction,
      { accountId, sessionId, requestId: 'a-test' },
      { id: newId(), digest, lines: linesOf(sent) },
    ),
  );
  return importId;
}

async function begin(sent: readonly CatalogRow[]): Promise<string> {
  const importId = await keep(sent);
  await createCatalogImportCalls(shop.temporal, 60_000).start(importId);
  return importId;
}

const ended = async (importId: string) => {
  await shop.temporal.workflow.getHandle(catalogImportWorkflowId(importId)).result();
  expect(
    await rows(shop.database.manager, 'SELECT 1 FROM catalog_import_lines WHERE import_id = $1', [importId]),
  ).toEqual([]);
  return (await readImport(shop.database.manager, importId))!;
};

test('a worker that dies after each step books every line once', async () => {
  const sent = manyRows();
  const died = new Set<string>();
  for (const step of ['checkCatalogImport', 'bookCatalogChunk'] as const)
    shop.after.set(step, async () => {
      if (died.has(step)) return;
      died.add(step);
      throw new Error('the worker died before it could say so');
    });
  const done = await ended(await begin(sent));
  expect(done).toMatchObject({ status: 'done', booked: LINES, problems: [] });
  expect(died.size).toBe(2);
  const told = await row(
    shop.database.manager,
    `SELECT count(*)::int AS added FROM events e JOIN variants v ON e.payload ->> 'variantId' = v.id::text
     WHERE e.type = 'variant.added' AND v.sku = ANY ($1)`,
    [sent.map(({ sku }) => sku)],
  );
  expect(told).toEqual({ added: LINES });
});

test('a line that something has changed meanwhile is told, and the others are booked', async () => {
  const sent = manyRows();
  const late = sent.at(-1)!;
  shop.after.set('checkCatalogImport', async () => {
    await buildProduct(shop.database, { variants: [{ sku: late.sku }] });
  });
  const done = await ended(await begin(sent));
  expect(done).toMatchObject({ status: 'done', booked: LINES - 1 });
  expect(done.problems).toEqual([{ line: LINES + 1, column: 'sku', code: 'sku_taken' }]);
});

test('variants of a product that are far apart in the table get the places that it names', async () => {
  const sent = manyRows();
  const { product, title_fa } = sent[0]!;
  const far = [0, 700, 1_400, 2_005];
  for (const [position, at] of far.entries()) sent[at] = { ...sent[at]!, product, title_fa, position };
  expect(await ended(await begin(sent))).toMatchObject({ status: 'done', booked: LINES, problems: [] });
  const found = await rows<{ sku: string }>(
    shop.database.manager,
    `SELECT v.sku FROM variants v JOIN products p ON p.id = v.product_id WHERE p.slug = $1 ORDER BY v.position`,
    [product],
  );
  expect(found.map(({ sku }) => sku)).toEqual(far.map((at) => sent[at]!.sku));
});

test('the sweep starts an import whose workflow is missing', async () => {
  const importId = await keep(manyRows());
  await rows(
    shop.database.manager,
    `UPDATE catalog_imports SET created_at = now() - interval '1 hour' WHERE id = $1`,
    [importId],
  );
  const started = await shop.temporal.workflow.execute<() => Promise<number>>(CATALOG_IMPORT_SWEEP_WORKFLOW, {
    ...{ workflowId: `sweep-${importId}`, taskQueue: IMPORT_QUEUE },
  });
  expect(started).toBe(1);
  expect(await ended(importId)).toMatchObject({ status: 'done', booked: LINES });
});

test('one line that cannot be booked refuses a long table as a whole', async () => {
  const sent = manyRows();
  sent[1_999] = { ...sent[1_999]!, category: 'nowhere' };
  const done = await ended(await begin(sent));
  expect(done).toMatchObject({ status: 'refused', booked: 0 });
  expect(done.problems).toEqual([{ line: 2_001, column: 'category', code: 'category_unknown' }]);
  expect(shop.runsOf('bookCatalogChunk')).toBe(0);
});
