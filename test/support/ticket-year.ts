import { expect } from 'vitest';

import { addDays } from '../../entities/calendar/business-day';
import { calendarDays } from '../../entities/calendar/calendar-day';
import { correctDay } from '../../entities/replenishment/correct-day';
import { answerAsCustomer, answerAsStaff, noteOnTicket } from '../../entities/support/answer-ticket';
import { judgeTicket } from '../../entities/support/judge-ticket';
import { resolveOwnTicket } from '../../entities/support/own-ticket';
import { readSlaTargets } from '../../entities/support/sla-targets';
import { changeTicketPriority, changeTicketStatus } from '../../entities/support/steer-ticket';
import { TICKET_PRIORITIES } from '../../entities/support/ticket-desk';
import { TICKET_STATUSES } from '../../entities/support/ticket-status';
import { newId } from '../../entities/values/uuid';
import { buildAgent, buildPerson } from './factories/chat';
import { buildTicket } from './factories/tickets';
import { drawing } from './random';
import { codeOf } from './refusal';
import type { ShopDatabase } from './shop-database';
import { at, compare, DAY, DAYS, fail, FIRST, finish, MINUTE_MS, type Draw, type Life } from './ticket-life';
import {
  ModelCalendar,
  ModelTicket,
  type ModelHours,
  type ModelMark,
  type ModelTargets,
} from './ticket-model';

/** How long a ticket is watched after the last that happens to it: until it is closed by itself. */
const LEFT_ALONE = 10 * DAY;
const END = DAYS * DAY;
/** Days of the calendar beyond the year: a deadline at its end lies there. */
const CALENDAR_DAYS = DAYS + 60;

const between = (draw: Draw, from: number, to: number) => from + Math.floor(draw() * (to - from + 1));
const oneOf = <Item>(draw: Draw, items: readonly Item[]): Item => items[Math.floor(draw() * items.length)]!;

/** How much happened, so that a test sees that it was a year of work. */
export interface Played {
  readonly tickets: number;
  readonly deeds: number;
  readonly looks: number;
  readonly marks: Readonly<Record<ModelMark['mark'], number>>;
}

/**
 * Plays a year of random tickets with the operations of the shop on Postgres, and holds every clock against a model after each of
 * them. The step of the workflow runs when the shop says that it looks again, and no mark may come later than it became true.
 */
export async function playYear(
  shop: ShopDatabase,
  { lives, seed }: { readonly lives: number; readonly seed: number },
): Promise<Played> {
  const draw = drawing(seed);
  const agent = await buildAgent(shop, 'support');
  const admin = await buildAgent(shop, 'admin');
  const calendar = new ModelCalendar(CALENDAR_DAYS);
  for (const [day, { holiday }] of calendarDays(FIRST, CALENDAR_DAYS).entries())
    if (holiday !== null) calendar.setHours(day, []);
  const targets = await readModelTargets(shop);
  const played = {
    tickets: 0,
    deeds: 0,
    looks: 0,
    marks: { warned: 0, breached: 0, escalated: 0, closed: 0 },
  };

  /** Notes what a look or a change has marked, and refuses what it should have marked before. */
  const noted = (life: Life, minute: number, marks: readonly ModelMark[]) => {
    for (const { mark, kind, trueSince } of marks) {
      played.marks[mark] += 1;
      if (mark !== 'closed') life.told.push(`${mark} ${kind}`);
      if (!life.isLate && trueSince !== minute)
        fail(life, `${kind} ${mark} at ${minute}, which was true since ${trueSince}`);
    }
  };

  const look = async (life: Life, minute: number) => {
    played.looks += 1;
    life.log.push(`${minute}: a look`);
    const { ticketId, model } = life;
    noted(life, minute, model.look(minute));
    life.isLate = false;
    const { lookAgainInMs } = await shop.run((transaction) =>
      judgeTicket(transaction, { ticketId, clock: () => at(minute) }),
    );
    await compare(shop, life, minute);
    const runs = model.clocks.some(({ since }) => since !== null);
    const again = lookAgainInMs === null ? null : minute + lookAgainInMs / MINUTE_MS;
    if ((again !== null) !== (runs || model.status === 'resolved')) fail(life, `looks again at ${again}`);
    if (again !== null && (again <= minute || (runs && again > minute + DAY)))
      fail(life, `looks at ${again}`);
    life.looksAt = again;
  };

  /** The workflow as the relay and its own timer wake it, up to a minute. */
  const looksUntil = async (life: Life, minute: number) => {
    for (;;) {
      const due = life.looksAt === null ? Infinity : Math.max(life.looksAt, life.awayUntil);
      if (due > minute) return;
      if (due !== life.looksAt) life.isLate = true;
      await look(life, due);
    }
  };

  const wake = (life: Life, minute: number) => {
    life.looksAt = minute;
    return looksUntil(life, minute);
  };

  const open = async (life: Omit<Life, 'ticketId' | 'model'>, minute: number): Promise<Life> => {
    const { id } = await buildTicket(shop, life.customer, { now: at(minute) });
    const opened = Object.assign(life, { ticketId: id, model: new ModelTicket(calendar, targets, minute) });
    return begin(opened, minute);
  };

  const begin = async (life: Life, minute: number): Promise<Life> => {
    played.tickets += 1;
    Object.assign(life, { asked: 1, seq: 1, isLate: false });
    life.told.length = 0;
    life.log.length = 0;
    life.log.push(`${minute}: opened ${life.ticketId}`);
    await compare(shop, life, minute);
    await wake(life, minute);
    return life;
  };

  /** Changes the ticket in the shop and in the model, which knows what is refused. */
  const change = async (
    life: Life,
    minute: number,
    work: Promise<unknown>,
    marks: readonly ModelMark[] | undefined | 'ticket.closed',
  ) => {
    if (marks === undefined || marks === 'ticket.closed') {
      expect(await codeOf(work), life.name).toBe(marks ?? 'ticket.transition');
      return;
    }
    await work;
    // Whoever writes while no worker runs finds what nobody has marked.
    if (life.awayUntil > minute) life.isLate = true;
    noted(life, minute, marks);
    life.isLate = life.awayUntil > minute;
    await compare(shop, life, minute);
    await wake(life, minute);
  };

  const DEEDS: Readonly<Record<string, (life: Life, minute: number) => Promise<unknown>>> = {
    async asks(life, minute) {
      const { ticketId, customer, model } = life;
      const words = { ticketId, clientId: newId(), text: 'And now?', now: at(minute) };
      const work = shop.run((transaction) => answerAsCustomer(transaction, customer, words));
      if (model.status === 'closed') {
        await finish(shop, life);
        const { ticketId: next } = await work;
        life.ticketId = next;
        life.model = new ModelTicket(calendar, targets, minute);
        return begin(life, minute);
      }
      life.seq += 1;
      life.asked = life.seq;
      return change(life, minute, work, model.ask(minute));
    },
    async answers(life, minute) {
      const { ticketId, model, asked } = life;
      const status = oneOf(life.draw, [
        'pending_customer',
        'pending_agent',
        'in_progress',
        'resolved',
      ] as const);
      const seen = oneOf(life.draw, [undefined, undefined, asked, asked - 1]);
      const words = { ticketId, clientId: newId(), text: 'Here it is', now: at(minute), status, seen };
      const work = shop.run((transaction) => answerAsStaff(transaction, agent, words));
      if (model.status === 'closed') return change(life, minute, work, 'ticket.closed');
      life.seq += 1;
      return change(life, minute, work, model.answer(minute, status, seen === asked - 1));
    },
    async notes({ ticketId }, minute) {
      const words = { ticketId, clientId: newId(), text: 'Called them', now: at(minute) };
      await shop.run((transaction) => noteOnTicket(transaction, agent, words));
    },
    async resolves(life, minute) {
      const { ticketId, customer, model } = life;
      const work = shop.run((transaction) =>
        resolveOwnTicket(transaction, customer, { ticketId, now: at(minute) }),
      );
      await change(life, minute, work, model.move(minute, 'resolved'));
    },
    async moves(life, minute) {
      const { ticketId, model } = life;
      const status = oneOf(life.draw, TICKET_STATUSES);
      const work = shop.run((transaction) =>
        changeTicketStatus(transaction, agent, { ticketId, status, now: at(minute) }),
      );
      await change(life, minute, work, model.move(minute, status));
    },
    async prioritises(life, minute) {
      const { ticketId, model } = life;
      const priority = oneOf(life.draw, TICKET_PRIORITIES);
      const work = shop.run((transaction) =>
        changeTicketPriority(transaction, agent, { ticketId, priority, now: at(minute) }),
      );
      const isClosed = model.status === 'closed';
      await change(life, minute, work, isClosed ? 'ticket.closed' : model.prioritise(minute, priority));
    },
    async stopsWorkers(life, minute) {
      life.awayUntil = minute + between(life.draw, 30, 2 * DAY);
    },
  };
  const LIKELY = [
    ...['asks', 'asks', 'asks', 'answers', 'answers', 'answers', 'moves', 'prioritises'],
    ...['notes', 'resolves', 'stopsWorkers'],
  ];

  /** When something happens next: soon or late, at an edge of the day, or when a clock is due. */
  const nextOf = ({ draw: own, model }: Life, minute: number): number => {
    const luck = own();
    if (luck < 0.15) {
      let edge = minute + 1;
      while (edge < END && calendar.isOpen(edge) === calendar.isOpen(edge - 1)) edge += 1;
      return edge;
    }
    const dues = model.clocks
      .flatMap((clock) => [model.dueAt(clock, 0.8), model.dueAt(clock, 1)])
      .filter((due) => due !== null && due > minute);
    if (luck < 0.3 && dues.length > 0) return oneOf(own, dues)! + between(own, -1, 1);
    const [from, to] = oneOf(own, [
      [1, 60],
      [60, 600],
      [600, 3_000],
      [3_000, 25_000],
    ] as const);
    return minute + between(own, from, to);
  };

  const playUntil = async (life: Life, minute: number) => {
    while (life.deeds > 0 && life.next < minute) {
      const now = life.next;
      await looksUntil(life, now);
      const deed = oneOf(life.draw, LIKELY);
      life.log.push(`${now}: ${deed}`);
      await DEEDS[deed]!(life, now);
      played.deeds += 1;
      life.deeds -= 1;
      life.next = life.deeds > 0 ? Math.max(nextOf(life, now), now + 1) : now + LEFT_ALONE;
    }
    await looksUntil(life, life.deeds > 0 ? minute : Math.min(minute, life.next));
  };

  const waiting = await Promise.all(
    Array.from({ length: lives }, async (_, index) => ({
      name: `life ${index} of seed ${seed}`,
      draw: drawing(Math.floor(draw() * 2 ** 31)),
      customer: await buildPerson(shop),
      // A third of them around the second Nowruz.
      next: index % 3 === 0 ? between(draw, 350 * DAY, 370 * DAY) : between(draw, 0, 350 * DAY),
      ...{ asked: 1, seq: 1, looksAt: null, awayUntil: 0, isLate: false },
      ...{ deeds: between(draw, 5, 25), told: [] as string[], log: [] as string[] },
    })),
  );
  const begun: Life[] = [];
  const changes = Array.from({ length: 12 }, () => between(draw, DAY, 372 * DAY)).toSorted((a, b) => a - b);
  for (const until of [...changes, END]) {
    const opening = waiting.filter(({ next }) => next < until);
    await Promise.all([
      ...begun.map((life) => playUntil(life, until)),
      ...opening.map(async (bare) => {
        waiting.splice(waiting.indexOf(bare), 1);
        const life = await open(bare, bare.next);
        begun.push(life);
        life.next = nextOf(life, life.next);
        await playUntil(life, until);
      }),
    ]);
    if (until === END) break;
    // Mostly of days to come, sometimes of one that is over.
    const day = Math.floor(until / DAY) + between(draw, -3, 12);
    const holiday = draw() < 0.4 ? 'A day of mourning' : null;
    const supportHours = draw() < 0.4 ? drawHours(draw) : null;
    const corrected = { day: addDays(FIRST, day), holiday, supportHours };
    await shop.run((transaction) => correctDay(transaction, admin, corrected));
    calendar.setHours(day, supportHours ?? (holiday === null ? calendar.usualHours(day) : []));
    for (const life of begun) {
      life.isLate = true;
      life.log.push(`${until}: day ${day} is ${JSON.stringify(corrected)}`);
    }
  }
  for (const life of begun) await finish(shop, life);
  return played;
}

/** Hours of a day of which nobody thought before, at most three. */
function drawHours(draw: Draw): ModelHours {
  const edges = Array.from({ length: 2 * between(draw, 0, 3) }, () => between(draw, 0, DAY));
  const ordered = [...new Set(edges)].toSorted((a, b) => a - b);
  return Array.from({ length: Math.floor(ordered.length / 2) }, (_, place) => ({
    from: ordered[2 * place]!,
    to: ordered[2 * place + 1]!,
  }));
}

async function readModelTargets(shop: ShopDatabase): Promise<ModelTargets> {
  const targets = await readSlaTargets(shop.database.manager);
  return Object.fromEntries(
    targets.map(({ priority, firstResponseMinutes, nextResponseMinutes, resolutionMinutes }) => [
      priority,
      {
        first_response: firstResponseMinutes,
        next_response: nextResponseMinutes,
        resolution: resolutionMinutes,
      },
    ]),
  ) as ModelTargets;
}
