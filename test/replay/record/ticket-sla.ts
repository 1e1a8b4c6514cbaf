import { afterAll, beforeAll, test } from 'vitest';

import { eventually } from '../../support/eventually';
import { buildUrgent, stopClock, OPENED } from '../../support/ticket-workflows';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

const MINUTE = 60_000;

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('a ticket that is answered late and closed', async () => {
  stopClock(shop, 30 * MINUTE - 2_000);
  const { handle, wake, close } = await buildUrgent(shop);
  shop.after.set('judgeTicket', () => stopClock(shop, 30 * MINUTE));
  await wake();
  await eventually(
    () => Promise.resolve(shop.runsOf('judgeTicket')),
    (runs) => runs >= 2,
  );
  await close(new Date(OPENED.getTime() + 31 * MINUTE));
  await wake();
  await handle.result();
  keepHistory('breached', await handle.fetchHistory());
});

test('a ticket that was closed before its workflow looked', async () => {
  stopClock(shop, MINUTE);
  const { handle, wake, close } = await buildUrgent(shop);
  await close(new Date(OPENED.getTime() + MINUTE));
  await wake();
  await handle.result();
  keepHistory('closed', await handle.fetchHistory());
});
