import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import type { JobContext } from '../../activities/jobs/job.activities';
import { sweepTickets } from '../../activities/jobs/sweep-tickets';
import type { OpenHours } from '../../entities/calendar/business-time';
import type { ChatActor } from '../../entities/chat/room-access';
import { correctDay } from '../../entities/replenishment/correct-day';
import type { Transaction } from '../../entities/sql';
import { noteOnTicket } from '../../entities/support/answer-ticket';
import { countOverdueTickets, findOverdueTickets } from '../../entities/support/find-overdue-tickets';
import { judgeTicket } from '../../entities/support/judge-ticket';
import { lockTicketAlone } from '../../entities/support/lock-ticket';
import { resolveOwnTicket } from '../../entities/support/own-ticket';
import { readTicketMessages } from '../../entities/support/read-messages';
import { changeSlaTarget, readSlaTargets } from '../../entities/support/sla-targets';
import { changeTicketPriority } from '../../entities/support/steer-ticket';
import { TICKET_STAFF } from '../../entities/support/support.events';
import { newId } from '../../entities/values/uuid';
import { createMetrics } from '../../platform/metrics';
import { buildAgent, buildPerson } from '../support/factories/chat';
import { buildTicket } from '../support/factories/tickets';
import { interleave } from '../support/interleave';
import { codeOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows as sqlRows } from '../support/sql';
import { at, ticketWork } from '../support/ticket-work';

let shop: ShopDatabase;
let agent: ChatActor;
let other: ChatActor;
beforeAll(async () => {
  shop = await openShopDatabase({ poolSize: 8 });
  agent = await buildAgent(shop, 'support');
  other = await buildAgent(shop, 'staff');
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SATURDAY = at('2026-11-28', 9);
const manager = () => shop.database.manager;
const { answer, ask, judge, prioritise, statusOf, clockOf, typesOf } = ticketWork(() => ({ shop, agent }));
const marksOf = async (ticketId: string) => {
  const { warnedAt, breachedAt, escalatedAt } = await clockOf(ticketId, 'first_response');
  const marks = { warned: warnedAt, breached: breachedAt, escalated: escalatedAt };
  return Object.fromEntries(Object.entries(marks).map(([mark, on]) => [mark, on && new Date(on)]));
};

test('a breach is escalated in business hours, also when its clock goes on at night or nobody looked', async () => {
  // Opened at night, so due at the very end of Saturday.
  const { id, customer } = await buildTicket(shop, undefined, { now: at('2026-11-27', 22) });
  const { id: unseen } = await buildTicket(shop, undefined, { now: at('2026-11-27', 22) });
  await judge(id, at('2026-11-28', 17));
  expect(await marksOf(id)).toMatchObject({ breached: at('2026-11-28', 17), escalated: null });
  await shop.run((transaction) =>
    resolveOwnTicket(transaction, customer, { ticketId: id, now: at('2026-11-28', 17, 30) }),
  );
  // The shop has no hours on a Friday. One customer writes then, and a worker that was away comes back.
  const friday = at('2026-12-04', 3);
  await ask(customer, id, friday);
  expect(await judge(id, friday)).toEqual({ lookAgainInMs: DAY_MS });
  expect(await judge(unseen, friday)).toEqual({ lookAgainInMs: DAY_MS });
  for (const ticketId of [id, unseen]) {
    expect(await marksOf(ticketId)).toMatchObject({ breached: at('2026-11-28', 17), escalated: null });
    await judge(ticketId, at('2026-12-05', 9));
    expect(await marksOf(ticketId)).toMatchObject({ escalated: at('2026-12-05', 9) });
  }
});

test('what is due as the shop closes is breached then, not a moment before, and told in the morning', async () => {
  const night = at('2026-11-27', 22);
  const { id } = await buildTicket(shop, undefined, { now: night });
  const { id: answered } = await buildTicket(shop, undefined, { now: night });
  const closing = at('2026-11-28', 17);
  expect(new Date((await clockOf(id, 'first_response')).dueAt!)).toEqual(closing);
  expect(await judge(id, new Date(closing.getTime() - 1))).toEqual({ lookAgainInMs: 1 });
  expect(await marksOf(id)).toMatchObject({ breached: null });
  await answer(answered, new Date(closing.getTime() - 1));
  expect(await judge(id, closing)).toEqual({ lookAgainInMs: 16 * HOUR_MS });
  await judge(answered, closing);
  expect(await marksOf(id)).toMatchObject({ breached: closing, escalated: null });
  expect(await marksOf(answered)).toMatchObject({ warned: expect.any(Date), breached: null });
  await judge(id, at('2026-11-29', 9));
  expect(await marksOf(id)).toMatchObject({ escalated: at('2026-11-29', 9) });
});

test('a pause that begins as the shop closes and ends as it opens costs no time', async () => {
  const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
  await answer(id, at('2026-11-28', 17));
  await ask(customer, id, at('2026-11-29', 9));
  // 40 hours of business from Saturday at 9 on: five days of eight hours.
  expect(new Date((await clockOf(id, 'resolution')).dueAt!)).toEqual(at('2026-12-02', 17));
});

test('what is late only by another priority is late from then on, and what was promised before stays', async () => {
  const { id } = await buildTicket(shop, undefined, { now: SATURDAY });
  const raised = at('2026-11-28', 14);
  await prioritise(id, 'urgent', raised);
  expect(await marksOf(id)).toEqual({ warned: raised, breached: raised, escalated: raised });
  expect(new Date((await clockOf(id, 'resolution')).breachedAt!)).toEqual(raised);

  const { id: late } = await buildTicket(shop, undefined, { now: SATURDAY });
  await prioritise(late, 'high', SATURDAY);
  await prioritise(late, 'urgent', raised);
  expect(await marksOf(late)).toMatchObject({ breached: at('2026-11-28', 11), escalated: raised });
});

test('a judgement and a note happen once the ticket is locked, after what changed it meanwhile', async () => {
  const { id } = await buildTicket(shop);
  const lock = (transaction: Transaction) => lockTicketAlone(transaction, id);
  let locked: Date | undefined;
  const waits = () => {
    locked = new Date();
    return Promise.resolve();
  };
  const judged: Date[] = [];
  const clock = () => {
    judged.push(new Date());
    return judged[0]!;
  };
  const judgement = (transaction: Transaction) => judgeTicket(transaction, { ticketId: id, clock });
  expect(await interleave(shop, lock, judgement, waits)).toMatchObject({ waited: true });
  expect(judged[0]!.getTime()).toBeGreaterThanOrEqual(locked!.getTime());

  const note = { ticketId: id, clientId: newId(), text: 'Called them' };
  const taken = (transaction: Transaction) => noteOnTicket(transaction, agent, note);
  expect(await interleave(shop, lock, taken, waits)).toMatchObject({ waited: true });
  const [kept] = await readTicketMessages(manager(), { ticketId: id, kind: 'note', after: 0, limit: 1 });
  expect(kept!.createdAt.getTime()).toBeGreaterThanOrEqual(locked!.getTime());
});

test('a first response from Thursday noon is due on Saturday, and a note does not meet it', async () => {
  const { id } = await buildTicket(shop, undefined, { now: at('2026-12-03', 12) });
  await shop.run((transaction) =>
    changeTicketPriority(transaction, agent, { ticketId: id, priority: 'high', now: at('2026-12-03', 12) }),
  );
  const due = at('2026-12-05', 10);
  expect(await clockOf(id, 'first_response')).toMatchObject({ targetMinutes: 120, metAt: null });
  expect(new Date((await clockOf(id, 'first_response')).dueAt!)).toEqual(due);
  const note = { ticketId: id, clientId: newId(), text: 'Looking', now: at('2026-12-05', 9) };
  await shop.run((transaction) => noteOnTicket(transaction, agent, note));
  await judge(id, new Date(due.getTime() - 1));
  expect(await clockOf(id, 'first_response')).toMatchObject({
    breachedAt: null,
    warnedAt: expect.any(String),
  });
  await judge(id, due);
  await judge(id, due);
  expect(await clockOf(id, 'first_response')).toMatchObject({
    breachedAt: expect.any(String),
    escalatedAt: expect.any(String),
  });
  expect(await typesOf(TICKET_STAFF, id)).toEqual([
    'ticket_staff.opened',
    'ticket_staff.priority_changed',
    'ticket_staff.noted',
    'ticket_staff.clock_warned',
    'ticket_staff.clock_breached',
    'ticket_staff.clock_escalated',
  ]);
});

test('a breach at the end of a day is escalated in the morning, of an urgent ticket at once', async () => {
  const open = async (priority: 'high' | 'urgent', hour: number, minute: number) => {
    const now = at('2026-11-28', hour, minute);
    const { id } = await buildTicket(shop, undefined, { now });
    await shop.run((transaction) =>
      changeTicketPriority(transaction, agent, { ticketId: id, priority, now }),
    );
    return id;
  };
  const [high, urgent] = [await open('high', 15, 0), await open('urgent', 16, 30)];
  const night = at('2026-11-28', 23);
  expect(await judge(high, night)).toEqual({ lookAgainInMs: 10 * 3_600_000 });
  await judge(urgent, night);
  expect(await clockOf(high, 'first_response')).toMatchObject({
    breachedAt: expect.any(String),
    escalatedAt: null,
  });
  expect((await clockOf(urgent, 'first_response')).escalatedAt).not.toBeNull();
  await judge(high, at('2026-11-29', 9));
  expect((await clockOf(high, 'first_response')).escalatedAt).not.toBeNull();
});

test('a resolution does not count the night in which it waits for the customer, nor what came before', async () => {
  const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
  await answer(id, at('2026-11-28', 11));
  expect((await clockOf(id, 'resolution')).dueAt).toBeNull();
  await ask(customer, id, at('2026-11-30', 9));
  // 40 hours of business, two of them used: five days of eight hours from Monday on, less two, over a Thursday of four.
  expect(new Date((await clockOf(id, 'resolution')).dueAt!)).toEqual(at('2026-12-06', 11));
  expect(await clockOf(id, 'next_response')).toMatchObject({ round: 1, metAt: null });
  await answer(id, at('2026-11-30', 10), 'resolved');
  await ask(customer, id, at('2026-12-01', 9));
  expect(await clockOf(id, 'next_response')).toMatchObject({ round: 2, metAt: null });
  expect(new Date((await clockOf(id, 'resolution')).dueAt!)).toEqual(at('2026-12-07', 10));
});

test('a change writes the clocks that it changes, and no other', async () => {
  const { id, customer } = await buildTicket(shop, undefined, { now: SATURDAY });
  for (const hour of [10, 12]) {
    await answer(id, at('2026-11-28', hour));
    await ask(customer, id, at('2026-11-28', hour + 1));
  }
  const versions = () =>
    sqlRows<{ clock: string; xmin: string }>(
      manager(),
      `SELECT kind || ' ' || round AS clock, xmin::text FROM sla_clocks WHERE ticket_id = $1 ORDER BY kind, round`,
      [id],
    );
  const before = await versions();
  await answer(id, at('2026-11-28', 14), 'in_progress');
  const after = await versions();
  const changed = after.filter(({ xmin }, place) => xmin !== before[place]!.xmin);
  expect(changed.map(({ clock }) => clock)).toEqual(['next_response 2']);
  await judge(id, at('2026-11-28', 15));
  expect(await versions()).toEqual(after);
});

test('a ticket is overdue once its next mark, or its end, is five minutes late, and not before', async () => {
  const { id } = await buildTicket(shop, undefined, { now: SATURDAY });
  const overdueAt = async (now: Date) => {
    const found = [];
    for (let after = ''; ; after = found.at(-1)!.number) {
      const [ticket] = await findOverdueTickets(manager(), { now, after, limit: 1 });
      if (!ticket) break;
      found.push(ticket);
    }
    expect(found).toEqual(await findOverdueTickets(manager(), { now, after: '', limit: 1_000 }));
    return found.map((ticket) => ticket.id);
  };
  const expectNext = async (now: Date, next: Date) => {
    expect(await judge(id, now)).toEqual({ lookAgainInMs: next.getTime() - now.getTime() });
    const late = next.getTime() + 5 * 60_000;
    expect(await overdueAt(new Date(late))).not.toContain(id);
    expect(await overdueAt(new Date(late + 1))).toContain(id);
  };
  // It warns after 384 of 480 minutes, is breached as the shop closes, and that is told in the morning.
  const [warns, closes, opens] = [at('2026-11-28', 15, 24), at('2026-11-28', 17), at('2026-11-29', 9)];
  await expectNext(SATURDAY, warns);
  await expectNext(warns, closes);
  await expectNext(closes, opens);
  await answer(id, closes);
  expect(await overdueAt(at('2027-01-30', 9))).not.toContain(id);
  await answer(id, opens, 'resolved');
  const week = at('2026-12-06', 9);
  await expectNext(opens, week);
  await judge(id, week);
  expect(await overdueAt(at('2027-01-30', 9))).not.toContain(id);
});

test('what stays overdue is found all of the first hour, then in two minutes of each hour, and counted always', async () => {
  const { id } = await buildTicket(shop, undefined, { now: SATURDAY });
  const minutesAfterWarning = (minutes: number) => at('2026-11-28', 15, 24 + minutes);
  const isFound = async (minutes: number) => {
    const page = { now: minutesAfterWarning(minutes), after: '', limit: 1_000 };
    return (await findOverdueTickets(manager(), page)).some((ticket) => ticket.id === id);
  };
  const found = [];
  for (const minutes of [4, 6, 30, 59, 60, 61, 62, 90, 119, 120, 121, 122, 60 * 24 * 7, 60 * 24 * 7 + 3])
    if (await isFound(minutes)) found.push(minutes);
  expect(found).toEqual([6, 30, 59, 60, 61, 120, 121, 60 * 24 * 7]);
  // Between two times at which it is woken it is counted all the same.
  const now = minutesAfterWarning(90);
  const before = await countOverdueTickets(manager(), now);
  await answer(id, at('2026-11-28', 10));
  expect(await countOverdueTickets(manager(), now)).toBe(before - 1);
});

test('a day that turns out to be a holiday moves what is due, and nothing is breached', async () => {
  const { id } = await buildTicket(shop, undefined, { now: at('2026-12-12', 16) });
  const due = at('2026-12-13', 16);
  expect(new Date((await clockOf(id, 'first_response')).dueAt!)).toEqual(due);
  await shop.run((transaction) =>
    correctDay(transaction, other, { day: '2026-12-13', holiday: 'A day of mourning' }),
  );
  await judge(id, due);
  expect((await clockOf(id, 'first_response')).breachedAt).toBeNull();
  expect(new Date((await clockOf(id, 'first_response')).dueAt!)).toEqual(at('2026-12-14', 16));
});

test('a short day, a Friday on which people work and a day without hours count as staff have said', async () => {
  // From Wednesday at 16 on: an hour until 17.
  const { id } = await buildTicket(shop, undefined, { now: at('2026-12-16', 16) });
  const say = (day: string, supportHours?: readonly OpenHours[] | null) =>
    shop.run((transaction) => correctDay(transaction, other, { day, holiday: null, supportHours }));
  await say('2026-12-17', [
    { from: 9 * 60, to: 10 * 60 },
    { from: 11 * 60, to: 12 * 60 },
  ]);
  await say('2026-12-18', [{ from: 22 * 60, to: 24 * 60 }]);
  await say('2026-12-19', []);
  await judge(id, at('2026-12-16', 16, 30));
  // Eight hours: one on Wednesday, two on Thursday, two on Friday, none on Saturday, three on Sunday.
  expect(new Date((await clockOf(id, 'first_response')).dueAt!)).toEqual(at('2026-12-20', 12));
  await say('2026-12-19');
  await judge(id, at('2026-12-16', 16, 30));
  expect(new Date((await clockOf(id, 'first_response')).dueAt!)).toEqual(at('2026-12-20', 12));
  await say('2026-12-19', null);
  await judge(id, at('2026-12-16', 16, 31));
  expect(new Date((await clockOf(id, 'first_response')).dueAt!)).toEqual(at('2026-12-19', 12));
});

test('a resolved ticket closes after a week, and needs nobody any more', async () => {
  const { id } = await buildTicket(shop, undefined, { now: SATURDAY });
  await answer(id, SATURDAY, 'resolved');
  expect(await judge(id, SATURDAY)).toEqual({ lookAgainInMs: 7 * 86_400_000 });
  expect(await judge(id, at('2026-12-05', 9))).toEqual({ lookAgainInMs: null });
  expect(await statusOf(id)).toBe('closed');
  expect((await clockOf(id, 'resolution')).metAt).not.toBeNull();
  expect(await judge(newId(), SATURDAY)).toEqual({ lookAgainInMs: null });
});

test('targets are rows that staff change by what they saw', async () => {
  const [urgent] = await readSlaTargets(manager());
  const wanted = { ...urgent!, firstResponseMinutes: 15, seen: urgent!.version };
  const change = () => shop.run((transaction) => changeSlaTarget(transaction, other, wanted));
  expect(await change()).toMatchObject({ firstResponseMinutes: 15, version: urgent!.version + 1 });
  expect(await codeOf(change())).toBe('sla_target.changed');
});

/** A sweep at this instant, with a fake Temporal. */
function buildSweep(now: Date, wake: (workflowId: string) => Promise<unknown>) {
  const client = {
    withDeadline: (_deadline: number, work: () => Promise<unknown>) => work(),
    workflow: {
      signalWithStart: (_workflow: string, { workflowId }: { readonly workflowId: string }) =>
        wake(workflowId),
    },
  };
  const context = { client, log: { warn: () => undefined } } as unknown as Context;
  const work = sweepTickets(shop.database, createMetrics(), { clock: () => now });
  return (progress: Partial<JobContext> = {}) =>
    asyncLocalStorage.run(context, () =>
      work({ ...{ kept: undefined, keep: () => undefined, throwIfOver: () => undefined }, ...progress }),
    );
}

test('a sweep tries each ticket of all pages once, some at once, and goes on where its time was over', async () => {
  // Long before all other tickets here, so that only these are overdue.
  const opened = at('2026-02-07', 9);
  await Promise.all(
    Array.from({ length: 11 }, async () => {
      const customer = await buildPerson(shop);
      await shop.run(async (transaction) => {
        const home = { database: shop.database, run: ((work) => work(transaction)) as ShopDatabase['run'] };
        for (let count = 0; count < 20; count += 1) await buildTicket(home, customer, { now: opened });
      });
    }),
  );
  const now = at('2026-02-07', 15, 30);
  const tried: string[] = [];
  let [underWay, mostAtOnce] = [0, 0];
  const sweep = buildSweep(now, async (workflowId) => {
    const place = tried.push(workflowId);
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    await new Promise(setImmediate);
    underWay -= 1;
    if (place % 50 === 1) throw new Error('no more signals for this workflow');
  });
  expect(await sweep()).toEqual({ found: 220, woken: 215 });
  expect([new Set(tried).size, tried.length]).toEqual([220, 220]);
  expect(mostAtOnce).toBe(10);

  tried.length = 0;
  let kept: unknown;
  let asked = 0;
  const keep = (place: unknown) => void (kept = place);
  const throwIfOver = () => {
    asked += 1;
    if (asked === 5) throw new Error('the time is over');
  };
  await expect(sweep({ keep, throwIfOver })).rejects.toThrow('the time is over');
  expect(tried.length).toBe(30);
  expect(await sweep({ kept, keep, throwIfOver })).toMatchObject({ found: 220 });
  expect([new Set(tried).size, tried.length]).toEqual([220, 220]);
});
