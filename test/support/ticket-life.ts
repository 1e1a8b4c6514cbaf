import { expect } from 'vitest';

import type { ChatActor } from '../../entities/chat/room-access';
import type { drawing } from './random';
import type { ShopDatabase } from './shop-database';
import { rows } from './sql';
import type { ModelTicket } from './ticket-model';

export const MINUTE_MS = 60_000;
export const DAY = 1_440;
/** The first of Farvardin 1405, a Saturday. The second Nowruz begins with day 365. */
export const FIRST = '2026-03-21';
export const DAYS = 385;
/** Tehran has had no summer time since 2022. */
const START = Date.parse(`${FIRST}T00:00:00+03:30`);

/** The instant of a minute of the year. */
export const at = (minute: number) => new Date(START + minute * MINUTE_MS);
const minuteOf = (instant: string | null) =>
  instant === null ? null : (new Date(instant).getTime() - START) / MINUTE_MS;

export type Draw = ReturnType<typeof drawing>;

/** One customer's ticket with those that follow it, and the workflow that looks at it. */
export interface Life {
  readonly name: string;
  readonly draw: Draw;
  readonly customer: ChatActor;
  ticketId: string;
  model: ModelTicket;
  /** The number of the newest answer of the customer, and of all. */
  asked: number;
  seq: number;
  /** The minute at which something happens next, and how often something still does. */
  next: number;
  deeds: number;
  /** When the workflow looks again; null where only an event wakes it. */
  looksAt: number | null;
  /** Until when no worker runs. */
  awayUntil: number;
  /** Whether a mark may be older than the look that makes it: a worker was away, or the calendar has changed since. */
  isLate: boolean;
  readonly told: string[];
  /** What was done, for whoever reads a failure. */
  readonly log: string[];
}

/** The rows say what the model says: the status, each clock with its marks, and when it will warn and be due. */
export async function compare(shop: ShopDatabase, life: Life, minute: number): Promise<void> {
  const { ticketId, model } = life;
  const found = await rows<Record<string, string | null>>(
    shop.database.manager,
    `SELECT t.status, c.kind, c.round, c.target_minutes, c.used_ms, c.running_since, c.warn_at, c.due_at, c.warned_at, c.breached_at,
       c.escalated_at, c.met_at
     FROM tickets t JOIN sla_clocks c ON c.ticket_id = t.id WHERE t.id = $1 ORDER BY c.kind, c.round`,
    [ticketId],
  );
  const shown = found.map((clock) => ({
    clock: `${clock['kind']} ${clock['round']}`,
    status: clock['status'],
    target: Number(clock['target_minutes']),
    used: Number(clock['used_ms']) / MINUTE_MS,
    since: minuteOf(clock['running_since']!),
    warnAt: minuteOf(clock['warn_at']!),
    dueAt: minuteOf(clock['due_at']!),
    warnedAt: minuteOf(clock['warned_at']!),
    breachedAt: minuteOf(clock['breached_at']!),
    escalatedAt: minuteOf(clock['escalated_at']!),
    metAt: minuteOf(clock['met_at']!),
  }));
  const wanted = model.clocks
    .map((clock) => ({
      clock: `${clock.kind} ${clock.round}`,
      status: model.status,
      ...{ target: clock.target, used: clock.used, since: clock.since },
      ...{ warnAt: model.dueAt(clock, 0.8), dueAt: model.dueAt(clock, 1) },
      ...{ warnedAt: clock.warnedAt, breachedAt: clock.breachedAt },
      ...{ escalatedAt: clock.escalatedAt, metAt: clock.metAt },
    }))
    .toSorted((a, b) => (a.clock < b.clock ? -1 : 1));
  expect(shown, lastDeedsOf(life, minute)).toEqual(wanted);
}

/** Each mark of a ticket was told once, in its order. */
export async function finish(shop: ShopDatabase, life: Life): Promise<void> {
  const told = await rows<{ mark: string }>(
    shop.database.manager,
    `SELECT replace(type, 'ticket_staff.clock_', '') || ' ' || (payload ->> 'kind') AS mark FROM events
     WHERE aggregate_type = 'ticket_staff' AND aggregate_id = $1 AND type LIKE 'ticket_staff.clock_%'`,
    [life.ticketId],
  );
  const sorted = (marks: readonly string[]) => marks.toSorted((a, b) => (a < b ? -1 : 1));
  expect(sorted(told.map(({ mark }) => mark)), lastDeedsOf(life, life.next)).toEqual(sorted(life.told));
}

const lastDeedsOf = ({ name, log }: Life, minute: number) =>
  `${name}, minute ${minute} (${at(minute).toISOString()}):\n${log.slice(-25).join('\n')}\n`;

/** Ends the test with what the ticket has been through. */
export function fail(life: Life, what: string): never {
  throw new Error(`${what}\n${lastDeedsOf(life, life.next)}`);
}
