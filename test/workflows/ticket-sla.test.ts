import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { instantOf } from '../../entities/calendar/business-day';
import type { ChatActor } from '../../entities/chat/room-access';
import { readEvents } from '../../entities/events/read-events';
import { correctDay } from '../../entities/replenishment/correct-day';
import { answerAsCustomer } from '../../entities/support/answer-ticket';
import { changeTicketCategory } from '../../entities/support/change-category';
import type { TicketJudgement } from '../../entities/support/judge-ticket';
import { putBackTickets } from '../../entities/support/put-back-tickets';
import { readQueue } from '../../entities/support/read-queue';
import { readDeskTicket, type DeskTicket } from '../../entities/support/read-tickets';
import { sayReady } from '../../entities/support/readiness';
import { assignTicket, changeTicketPriority } from '../../entities/support/steer-ticket';
import { TICKET_STAFF } from '../../entities/support/support.events';
import type { TicketPriority } from '../../entities/support/ticket-desk';
import { newId } from '../../entities/values/uuid';
import { ROUTES } from '../../workers/relay/routes';
import { JOB_QUEUE, JOB_WORKFLOW, type JobInput } from '../../workflows/jobs/job.contract';
import { look } from '../../workflows/support/ticket-sla.contract';
import { eventually } from '../support/eventually';
import { buildAgent } from '../support/factories/chat';
import { buildTicket } from '../support/factories/tickets';
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

type Built = Awaited<ReturnType<typeof buildUrgent>>;
const on = (day: string, hour: number, minute: number) => instantOf(day, hour * 60 + minute);

/** All wait at this instant, before the shop opens, and none does any more at the next one. */
const WAITING = on('2026-11-29', 8, 59);
const OVER = on('2026-11-29', 9, 5);
const DONE_LATE = ['warned first_response', 'breached first_response', 'escalated first_response'];

/** Each way in which it waits: how a ticket comes there, and what has happened once it is over. */
const WAITS: Record<
  string,
  {
    readonly priority: TicketPriority;
    readonly opened: Date;
    readonly arrange?: (built: Built) => Promise<unknown>;
    /** What happens meanwhile, of which nobody tells the workflow. */
    readonly act?: (built: Built) => Promise<unknown>;
    readonly isDone: (ticket: DeskTicket) => boolean;
    readonly marks: readonly string[];
  }
> = {
  // 23 of the 24 minutes were over as the shop closed on Saturday at 17.
  'a warning': {
    ...{ priority: 'urgent', opened: on('2026-11-28', 16, 37) },
    isDone: ({ clocks }) => clocks.some(({ warnedAt }) => warnedAt !== null),
    marks: ['warned first_response'],
  },
  // 29 of the 30 minutes.
  'a breach': {
    ...{ priority: 'urgent', opened: on('2026-11-28', 16, 31) },
    isDone: ({ clocks }) => clocks.some(({ escalatedAt }) => escalatedAt !== null),
    marks: DONE_LATE,
  },
  // Eight hours were over as the shop closed.
  'the escalation of a breach': {
    ...{ priority: 'medium', opened: OPENED },
    isDone: ({ clocks }) => clocks.some(({ escalatedAt }) => escalatedAt !== null),
    marks: DONE_LATE,
  },
  'an answer that pauses its clocks': {
    ...{ priority: 'urgent', opened: on('2026-11-28', 16, 40) },
    arrange: ({ answer }) => answer('pending_agent', on('2026-11-28', 16, 45)),
    act: ({ answer }) => answer('pending_customer', on('2026-11-29', 9, 4)),
    isDone: ({ status }) => status === 'pending_customer',
    marks: [],
  },
  'the end of a week without a word': {
    ...{ priority: 'urgent', opened: on('2026-11-22', 9, 0) },
    arrange: ({ answer }) => answer('resolved', on('2026-11-22', 9, 1)),
    isDone: ({ status }) => status === 'closed',
    marks: [],
  },
  // Only a look learns of a Monday that turns out to be a holiday.
  'the look of each day': {
    ...{ priority: 'low', opened: OPENED },
    act: ({ agent }) =>
      shop.run((transaction) =>
        correctDay(transaction, agent, { day: '2026-11-30', holiday: 'A day of mourning' }),
      ),
    isDone: ({ clocks }) =>
      clocks.some(({ dueAt }) => dueAt !== null && +new Date(dueAt) === +on('2026-12-10', 13, 0)),
    marks: [],
  },
};

test('in each of its waits workers stop and it is reset to any point, and its own timer ends the wait', async () => {
  // Timers of minutes and days take a second. What they wait for, the rows say.
  shop.answers.set('judgeTicket', ({ lookAgainInMs }: TicketJudgement) => ({
    lookAgainInMs: lookAgainInMs && Math.min(lookAgainInMs, 1_000),
  }));
  shop.now = () => WAITING;
  const { workflow, workflowService } = shop.temporal;
  const waits = await Promise.all(
    Object.entries(WAITS).map(async ([name, wait]) => {
      const built = await buildUrgent(shop, wait.priority, wait.opened);
      await wait.arrange?.(built);
      const { signaledRunId } = await built.wake();
      return { name, ...wait, built, firstRunId: signaledRunId };
    }),
  );
  type Wait = (typeof waits)[number];
  const historyOf = async ({ built }: Wait, runId?: string) =>
    (await workflow.getHandle(built.handle.workflowId, runId).fetchHistory()).events ?? [];
  /** Whether a timer has fired after the last reset, or at all. */
  const goesOn = async (wait: Wait) => {
    const events = await historyOf(wait);
    const reset = events.findLastIndex((event) => event.workflowTaskFailedEventAttributes);
    return events.slice(reset + 1).some((event) => event.timerFiredEventAttributes);
  };
  const eachGoesOn = () => Promise.all(waits.map((wait) => eventually(() => goesOn(wait), Boolean)));
  await eachGoesOn();
  await shop.stopWorkers();
  const pointsOf = async (wait: Wait) =>
    (await historyOf(wait, wait.firstRunId)).filter((event) => event.workflowTaskCompletedEventAttributes);
  const before = await Promise.all(waits.map(pointsOf));
  await shop.startWorkers();
  // Each of them goes on by its timer alone.
  const points = await Promise.all(
    waits.map((wait, place) =>
      eventually(
        () => pointsOf(wait),
        (found) => found.length >= Math.max(4, before[place]!.length + 2),
      ),
    ),
  );

  // Before and after its step, and before and after its timer. Later points repeat them.
  for (const point of [0, 1, 2, 3]) {
    await Promise.all(
      waits.map(({ built, firstRunId }, place) =>
        workflowService.resetWorkflowExecution({
          namespace: shop.namespace,
          workflowExecution: { workflowId: built.handle.workflowId, runId: firstRunId },
          reason: 'a test',
          requestId: randomUUID(),
          workflowTaskFinishEventId: points[place]![point]!.eventId,
        }),
      ),
    );
    await eachGoesOn();
  }

  for (const { built, act } of waits) await act?.(built);
  shop.now = () => OVER;
  for (const { name, built, isDone, marks } of waits) {
    const ticket = await eventually(() => readDeskTicket(shop.database.manager, built.id), isDone);
    const found = await marksOf(built.id);
    expect(
      found.filter((mark) => mark.endsWith('first_response')),
      name,
    ).toEqual(marks);
    if (ticket.status !== 'closed') await built.close(OVER);
    await built.handle.result();
  }
});

test('another priority and a question wake it: it sleeps no longer than the new clocks allow', async () => {
  stopClock(shop, MINUTE);
  const relay = relayOf(shop, { name: randomUUID(), routes: ROUTES });
  try {
    await relay.leads();
    const { id, agent, customer, answer, handle, close } = await buildUrgent(shop, 'medium');
    const sleeps = async () => {
      await relay.hasCaughtUp();
      const { events } = await handle.fetchHistory();
      return events?.at(-1)?.timerStartedEventAttributes;
    };
    const after = (minutes: number) => new Date(OPENED.getTime() + minutes * MINUTE);
    await eventually(sleeps, Boolean);
    await shop.run((transaction) =>
      changeTicketPriority(transaction, agent, { ticketId: id, priority: 'urgent', now: after(1) }),
    );
    stopClock(shop, 30 * MINUTE);
    await eventually(
      () => marksOf(id),
      (found) => found.length === 3,
    );

    await answer('in_progress', after(31));
    stopClock(shop, 31 * MINUTE);
    await eventually(sleeps, Boolean);
    // The status stays, so nothing but the question itself tells of it. It is to be answered within an hour.
    const question = { ticketId: id, clientId: newId(), text: 'And now?', now: after(32) };
    await shop.run((transaction) => answerAsCustomer(transaction, customer, question));
    stopClock(shop, 80 * MINUTE);
    await eventually(
      () => marksOf(id),
      (found) => found.includes('warned next_response'),
    );
    await close(after(81));
    await handle.result();
  } finally {
    await relay.close();
  }
});

test('the sweep starts what was terminated and what the relay has never told, as soon as they are overdue', async () => {
  stopClock(shop, MINUTE);
  const [terminated, unheard, resolved] = [
    await buildUrgent(shop),
    await buildUrgent(shop),
    await buildUrgent(shop, 'urgent', on('2026-11-21', 9, 0)),
  ];
  await terminated.wake();
  await terminated.handle.terminate('a test');
  await resolved.answer('resolved', on('2026-11-21', 9, 1));
  const overdue = async () =>
    (await shop.metrics.registry.getSingleMetric('asoud_tickets_overdue')!.get()).values[0]!.value;
  const sweep = () =>
    shop.temporal.workflow.execute(JOB_WORKFLOW, {
      workflowId: randomUUID(),
      taskQueue: JOB_QUEUE,
      args: [{ job: 'ticket-sweep' } satisfies JobInput],
    });
  // A week and a minute after the resolution is not late yet.
  stopClock(shop, -MINUTE);
  expect([await overdue(), await sweep()]).toEqual([0, { found: 0, woken: 0 }]);
  stopClock(shop, 30 * MINUTE);
  expect([await overdue(), await sweep()]).toEqual([3, { found: 3, woken: 3 }]);
  for (const { id } of [terminated, unheard])
    await eventually(
      () => marksOf(id),
      (found) => found.length === 3,
    );
  await resolved.handle.result();
  expect((await readDeskTicket(shop.database.manager, resolved.id)).status).toBe('closed');
  expect([await overdue(), await sweep()]).toEqual([0, { found: 0, woken: 0 }]);
  for (const { close, wake, handle } of [terminated, unheard]) {
    await close(new Date(OPENED.getTime() + 31 * MINUTE));
    await wake();
    await handle.result();
  }
});

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

test('what comes back to the queue goes to whoever has the fewest, and what gets another team to one of that', async () => {
  const relay = relayOf(shop, { name: randomUUID(), routes: ROUTES });
  try {
    await relay.leads();
    const [leaver, few, many] = [
      await buildAgent(shop, 'support'),
      await buildAgent(shop, 'support'),
      await buildAgent(shop, 'support'),
    ];
    const judged = new Set<unknown>();
    shop.after.set('judgeTicket', ({ input }) => void judged.add(input['ticketId']));
    const give = async ({ accountId }: ChatActor, count: number) => {
      for (let given = 0; given < count; given += 1) {
        const { id } = await buildTicket(shop, undefined, { category: 'billing' });
        const assignment = { ticketId: id, assigneeId: accountId, expected: null };
        await shop.run((transaction) => assignTicket(transaction, leaver, assignment));
      }
    };
    await give(leaver, 3);
    await give(few, 1);
    await give(many, 3);
    const { id: general } = await buildTicket(shop, undefined, { category: 'general' });
    // From here on only what happens below has tickets handed out.
    await eventually(
      () => Promise.resolve(judged.size),
      (count) => count === 8,
    );
    for (const actor of [few, many])
      await shop.run((transaction) => sayReady(transaction, actor, { teams: ['billing'], most: 20 }));
    const loads = async () => {
      const queue = await readQueue(shop.database.manager, {
        ...{ team: 'billing', limit: 50 },
        readerId: leaver.accountId,
      });
      return [few, many].map(
        ({ accountId }) => queue.filter(({ assigneeId }) => assigneeId === accountId).length,
      );
    };

    await shop.run((transaction) => putBackTickets(transaction, { accountId: leaver.accountId, lost: null }));
    await eventually(loads, ([one = 0, other = 0]) => one + other === 7);
    expect((await loads()).toSorted((a, b) => a - b)).toEqual([3, 4]);
    await shop.run((transaction) =>
      changeTicketCategory(transaction, leaver, { ticketId: general, category: 'billing' }),
    );
    await eventually(loads, (found) => found.join() === '4,4');
  } finally {
    await relay.close();
  }
});
