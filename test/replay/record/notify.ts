import { afterAll, beforeAll, test } from 'vitest';

import { eventually } from '../../support/eventually';
import { messagesOf } from '../../support/factories/notifications';
import { buildTold, stopClockAt } from '../../support/notify-workflows';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('a message that goes out at once', async () => {
  const { handle, wake } = await buildTold(shop);
  stopClockAt(shop, 12);
  await wake();
  await handle.result();
  keepHistory('sent', await handle.fetchHistory());
});

test('a message that waits over the night', async () => {
  const { id, handle, wake } = await buildTold(shop);
  stopClockAt(shop, 23);
  await wake();
  await eventually(
    () => messagesOf(shop, id),
    ([message]) => message!.status === 'deferred',
  );
  await eventually(
    async () => (await handle.fetchHistory()).events ?? [],
    (events) => events.some((event) => event.timerStartedEventAttributes),
  );
  stopClockAt(shop, 8, 1);
  await wake();
  await handle.result();
  keepHistory('deferred', await handle.fetchHistory());
});
