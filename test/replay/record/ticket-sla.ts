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

test('a ticket whose breach is escalated in the morning, and that is closed a week after its resolution', async () => {
  const HOUR = 60 * MINUTE;
  const judged = async (change: () => unknown) => {
    const before = shop.runsOf('judgeTicket');
    await change();
    await wake();
    await eventually(
      () => Promise.resolve(shop.runsOf('judgeTicket')),
      (runs) => runs > before,
    );
  };
  const { answer, handle, wake } = await buildUrgent(shop, 'high');
  await judged(() => stopClock(shop, 14 * HOUR));
  await judged(() => stopClock(shop, 24 * HOUR));
  await judged(() => answer('resolved', new Date(OPENED.getTime() + 25 * HOUR)));
  stopClock(shop, 25 * HOUR + 7 * 24 * HOUR);
  await wake();
  await handle.result();
  keepHistory('escalated', await handle.fetchHistory());
});
