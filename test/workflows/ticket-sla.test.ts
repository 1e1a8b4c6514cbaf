import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { readEvents } from '../../entities/events/read-events';
import { changeTicketCategory } from '../../entities/support/change-category';
import { readDeskTicket, type DeskTicket } from '../../entities/support/read-tickets';
import { sayReady } from '../../entities/support/readiness';
import { TICKET_STAFF } from '../../entities/support/support.events';
import { ROUTES } from '../../workers/relay/routes';
import { look } from '../../workflows/support/ticket-sla.contract';
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

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
type Built = Awaited<ReturnType<typeof buildUrgent>>;

/** Each way in which it waits: how it comes there, and what time or a message makes of it. */
const WAITS: Record<
  string,
  {
    readonly priority: 'high' | 'urgent';
    readonly waitsAt: number;
    readonly arrange?: (built: Built) => Promise<unknown>;
    readonly goesOnAt: number;
    readonly act?: (built: Built) => Promise<unknown>;
    readonly isDone: (ticket: DeskTicket) => boolean;
    readonly marks: readonly string[];
  }
> = {
  'a warning': {
    ...{ priority: 'urgent', waitsAt: MINUTE, goesOnAt: 25 * MINUTE },
    isDone: ({ clocks }) => clocks.some(({ warnedAt }) => warnedAt !== null),
    marks: ['warned first_response'],
  },
  // Two business hours from nine on Saturday are over at eleven. The shop is closed from 17 until Sunday at nine.
  'the escalation of a breach': {
    ...{ priority: 'high', waitsAt: 14 * HOUR, goesOnAt: DAY },
    isDone: ({ clocks }) => clocks.some(({ escalatedAt }) => escalatedAt !== null),
    marks: ['warned first_response', 'breached first_response', 'escalated first_response'],
  },
  'an answer that pauses its clocks': {
    ...{ priority: 'urgent', waitsAt: 10 * MINUTE, goesOnAt: 70 * MINUTE },
    arrange: ({ answer }) => answer('pending_agent', new Date(OPENED.getTime() + 10 * MINUTE)),
    act: ({ answer }) => answer('pending_customer', new Date(OPENED.getTime() + 70 * MINUTE)),
    isDone: ({ status }) => status === 'pending_customer',
    marks: [],
  },
  'the end of a week without a word': {
    ...{ priority: 'urgent', waitsAt: 10 * MINUTE, goesOnAt: 10 * MINUTE + 7 * DAY },
    arrange: ({ answer }) => answer('resolved', new Date(OPENED.getTime() + 10 * MINUTE)),
    isDone: ({ status }) => status === 'closed',
    marks: [],
  },
};

test.each(Object.keys(WAITS))(
  'it waits for %s across workers that stop and a reset to any point',
  async (name) => {
    const { priority, waitsAt, arrange, goesOnAt, act, isDone, marks } = WAITS[name]!;
    const built = await buildUrgent(shop, priority);
    const { id, handle, wake, close } = built;
    stopClock(shop, waitsAt);
    await arrange?.(built);
    const { signaledRunId } = await wake();
    const sleeps = async () => {
      const { events } = await handle.fetchHistory();
      return (events ?? []).some((event) => event.timerStartedEventAttributes);
    };
    await eventually(sleeps, Boolean);
    await shop.stopWorkers();
    await shop.startWorkers();
    const { events } = await shop.temporal.workflow
      .getHandle(handle.workflowId, signaledRunId)
      .fetchHistory();
    const points = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
    expect(points.length).toBeGreaterThan(1);
    for (const { eventId } of points) {
      await shop.temporal.workflowService.resetWorkflowExecution({
        namespace: shop.namespace,
        workflowExecution: { workflowId: handle.workflowId, runId: signaledRunId },
        reason: 'a test',
        requestId: randomUUID(),
        workflowTaskFinishEventId: eventId,
      });
      await eventually(sleeps, Boolean);
    }
    stopClock(shop, goesOnAt);
    await act?.(built);
    await wake();
    const ticket = await eventually(() => readDeskTicket(shop.database.manager, id), isDone);
    expect((await marksOf(id)).filter((mark) => mark.endsWith('first_response'))).toEqual(marks);
    if (ticket.status !== 'closed') await close(new Date(OPENED.getTime() + goesOnAt));
    await wake();
    await handle.result();
  },
);

test('a run with a long history goes on in another one, and minds the same clocks', async () => {
  stopClock(shop, MINUTE);
  const { id, handle, wake, close } = await buildUrgent(shop);
  await wake();
  const { runId } = await handle.describe();
  const runOf = async () => (await handle.describe()).runId;
  for (let megabyte = 0; megabyte < 10 && (await runOf()) === runId; megabyte += 1) {
    const before = shop.runsOf('judgeTicket');
    await handle.signal(look.name, 'x'.repeat(1_000_000));
    await eventually(
      () => Promise.resolve(shop.runsOf('judgeTicket')),
      (runs) => runs > before,
    );
  }
  await eventually(runOf, (now) => now !== runId);
  stopClock(shop, 25 * MINUTE);
  await wake();
  await eventually(
    () => marksOf(id),
    (found) => found.length === 1,
  );
  await close(new Date(OPENED.getTime() + 26 * MINUTE));
  await wake();
  await handle.result();
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
