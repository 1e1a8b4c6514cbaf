import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { readEvents } from '../../entities/events/read-events';
import { changeTicketCategory } from '../../entities/support/change-category';
import { sayReady } from '../../entities/support/hand-out-tickets';
import { readDeskTicket } from '../../entities/support/read-tickets';
import { TICKET_STAFF } from '../../entities/support/support.events';
import { ROUTES } from '../../workers/relay/routes';
import { eventually } from '../support/eventually';
import { buildAgent } from '../support/factories/chat';
import { relayOf } from '../support/relay';
import { buildUrgent, stopClock, OPENED } from '../support/ticket-workflows';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

const MINUTE = 60_000;

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(async () => {
  await shop?.assertInvariantsHold();
  await shop?.close();
});
beforeEach(() => shop.reset());

/** What the journal says of the clocks of a ticket. */
const marksOf = async (ticketId: string) =>
  (await readEvents(shop.database.manager, TICKET_STAFF, ticketId, 0, 100))
    .filter(({ type }) => type.startsWith('ticket_staff.clock_'))
    .map(({ type, payload }) => `${type.slice('ticket_staff.clock_'.length)} ${payload['kind'] as string}`);

test('what the journal says wakes it, it sleeps until a clock is due, and ends with the ticket', async () => {
  stopClock(shop, 30 * MINUTE - 1_500);
  const relay = relayOf(shop, { name: randomUUID(), routes: ROUTES });
  try {
    await relay.leads();
    const { id, handle, close } = await buildUrgent(shop);
    await eventually(
      () => marksOf(id),
      (found) => found.length === 1,
    );
    stopClock(shop, 30 * MINUTE);
    const marks = await eventually(
      () => marksOf(id),
      (found) => found.length === 3,
    );
    expect(marks).toEqual(['warned first_response', 'breached first_response', 'escalated first_response']);
    expect(shop.runsOf('judgeTicket')).toBeGreaterThan(1);

    await close(new Date(OPENED.getTime() + 31 * MINUTE));
    await handle.result();
    await relay.hasCaughtUp();
    await handle.result();
    expect((await readDeskTicket(shop.database.manager, id)).status).toBe('closed');
    expect(JSON.stringify(await handle.fetchHistory())).not.toContain('A question');
  } finally {
    await relay.close();
  }
});

test('a step whose answer is lost, workers that stop and a reset to any point mark everything once', async () => {
  stopClock(shop, 25 * MINUTE);
  const { id, handle, wake, close } = await buildUrgent(shop);
  shop.after.set('judgeTicket', () => {
    shop.after.delete('judgeTicket');
    throw new Error('the answer is lost');
  });
  await wake();
  await eventually(
    () => marksOf(id),
    (found) => found.length === 1,
  );
  await shop.stopWorkers();
  stopClock(shop, 40 * MINUTE);
  await shop.startWorkers();
  const { signaledRunId } = await wake();
  await eventually(
    () => marksOf(id),
    (found) => found.length === 3,
  );
  await close(new Date(OPENED.getTime() + 41 * MINUTE));
  await wake();
  await handle.result();

  const { events } = await shop.temporal.workflow.getHandle(handle.workflowId, signaledRunId).fetchHistory();
  const points = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  expect(points.length).toBeGreaterThan(2);
  for (const { eventId } of points) {
    await shop.temporal.workflowService.resetWorkflowExecution({
      namespace: shop.namespace,
      workflowExecution: { workflowId: handle.workflowId, runId: signaledRunId },
      reason: 'a test',
      requestId: randomUUID(),
      workflowTaskFinishEventId: eventId,
    });
    await handle.result();
  }
  expect(await marksOf(id)).toEqual([
    'warned first_response',
    'breached first_response',
    'escalated first_response',
  ]);
});

test('it hands a ticket that nobody has to whoever is ready, once, also when its answer is lost', async () => {
  stopClock(shop, MINUTE);
  const ready = await buildAgent(shop, 'support');
  const { id, wake, handle, close } = await buildUrgent(shop);
  await shop.run((transaction) => sayReady(transaction, ready, { teams: ['technical'], most: 5 }));
  await shop.run((transaction) =>
    changeTicketCategory(transaction, ready, { ticketId: id, category: 'technical' }),
  );
  shop.after.set('judgeTicket', () => {
    shop.after.delete('judgeTicket');
    throw new Error('the answer is lost');
  });
  await wake();
  const { assigneeId } = await eventually(
    () => readDeskTicket(shop.database.manager, id),
    (ticket) => ticket.assigneeId !== null && shop.runsOf('judgeTicket') > 1,
  );
  expect(assigneeId).toBe(ready.accountId);
  const events = await readEvents(shop.database.manager, TICKET_STAFF, id, 0, 100);
  expect(events.filter(({ type }) => type === 'ticket_staff.assigned')).toHaveLength(1);
  await close(new Date(OPENED.getTime() + 2 * MINUTE));
  await wake();
  await handle.result();
});
