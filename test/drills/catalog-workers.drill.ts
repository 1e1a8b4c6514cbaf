import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { importCatalog } from '../../entities/imports/import-catalog';
import { readImport } from '../../entities/imports/read-imports';
import { readPictures } from '../../entities/pictures/read-pictures';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { createCatalogImportCalls } from '../../temporal/catalog-import';
import { createPictureCalls } from '../../temporal/picture';
import { catalogImportWorkflowId } from '../../workflows/imports/catalog-import.contract';
import { pictureWorkflowId } from '../../workflows/pictures/picture.contract';
import { eventually } from '../support/eventually';
import { buildSession } from '../support/factories/accounts';
import { buildCategory } from '../support/factories/catalog';
import { buildRow, linesOf } from '../support/factories/catalog-table';
import { buildUpload, drawn } from '../support/factories/pictures';
import { expectInvariantsToHold } from '../support/journey';
import { startLocalStorage } from '../support/local-storage-server';
import { removeFolder, scratchFolder } from '../support/scratch-folder';
import { openShopProcesses, type ShopProcesses } from '../support/shop-processes';
import { rows } from '../support/sql';

const DEADLINE_MS = 60_000;

/** A worker dies after a step. The next one gets the step because the heartbeat is missed, not when its whole time is over. */
async function survives(
  shop: ShopProcesses,
  step: string,
  workflowId: string,
  begin: () => Promise<unknown>,
): Promise<void> {
  const dying = await shop.startWorkerThatDiesAfter(step);
  await begin();
  expect(await dying.ended).toBe('SIGKILL');
  await shop.startWorker();
  const failures = await eventually(
    async () => {
      const { events } = await shop.temporal.workflow.getHandle(workflowId).fetchHistory();
      return (events ?? []).flatMap(
        (event) => event.activityTaskStartedEventAttributes?.lastFailure?.message ?? [],
      );
    },
    (found) => found.length > 0,
  );
  expect(failures).toEqual(['activity Heartbeat timeout']);
}

test.each(['checkCatalogImport', 'bookCatalogChunk'])(
  'a worker that is killed after %s of a long import is replaced soon, and every line is booked once',
  async (step) => {
    const shop = await openShopProcesses();
    try {
      const { database } = shop;
      const category = (await buildCategory(database)).slug;
      const sent = Array.from({ length: 2_010 }, () => buildRow({ category }));
      const { accountId, sessionId } = await buildSession(database, { kind: 'staff' });
      const table = {
        id: newId(),
        digest: randomUUID().replaceAll('-', '').repeat(2),
        lines: linesOf(sent),
      };
      const { importId } = await withTransaction(database, (transaction) =>
        importCatalog(transaction, { accountId, sessionId, requestId: 'a-test' }, table),
      );
      const workflowId = catalogImportWorkflowId(importId);
      await survives(shop, step, workflowId, () =>
        createCatalogImportCalls(shop.temporal, DEADLINE_MS).start(importId),
      );
      await shop.temporal.workflow.getHandle(workflowId).result();
      expect(await readImport(database.manager, importId)).toMatchObject({
        ...{ status: 'done', booked: sent.length, problems: [] },
      });
      await expectInvariantsToHold(shop);
    } finally {
      await shop.close();
    }
  },
);

test('a worker that is killed while it renders a picture is replaced soon, and the picture is shown once', async () => {
  const folder = scratchFolder('objects');
  const files = await startLocalStorage(folder);
  const shop = await openShopProcesses({ environment: { STORAGE_FOLDER: folder } });
  try {
    const { database } = shop;
    const picture = await buildUpload(database, files.storage, await drawn('red'));
    await survives(shop, 'renderUpload', pictureWorkflowId(picture.pictureId), () =>
      createPictureCalls(shop.temporal, DEADLINE_MS).poll(picture.pictureId),
    );
    await eventually(
      () => readPictures(database.manager, picture.productId),
      ([it]) => it?.status === 'ready',
    );
    const told = await rows(database.manager, 'SELECT 1 FROM events WHERE aggregate_id = $1', [
      picture.productId,
    ]);
    expect(told).toHaveLength(1);
    await expectInvariantsToHold(shop);
  } finally {
    await shop.close();
    await files.stop();
    await removeFolder(folder);
  }
});
