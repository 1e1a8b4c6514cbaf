import { createHmac } from 'node:crypto';

import { addDays, businessDay, endOf, instantOf, type BusinessDay } from '../calendar/business-day';
import type { TrackingEvent } from './tracking-event';
import type { TrackedEventInput } from './tracking.input';

/** The days of which events are taken at an instant: of clients whose clock is wrong, the nearest. */
export function openDays(now: Date): readonly [first: BusinessDay, today: BusinessDay, last: BusinessDay] {
  const today = businessDay(now);
  return [addDays(today, -1), today, addDays(today, 1)];
}

/** The day that an event counts for. A repeat finds the same one, also after midnight. */
export function dayOf({ id }: Pick<TrackedEventInput, 'id'>, now: Date): BusinessDay {
  const [first, , last] = openDays(now);
  const day = ownDay(id);
  return day < first ? first : day > last ? last : day;
}

/**
 * Whether an event may be stored for the day before, because it came first when other days were open: its clock is a day off, or more.
 */
export function mayHaveMoved(
  { day, eventId }: Pick<TrackingEvent, 'day' | 'eventId'>,
  today: BusinessDay,
): boolean {
  return day !== ownDay(eventId) || day > today;
}

/** One session in so many is kept, and stands for as many. */
export interface Sampling {
  readonly oneIn: number;
}

/** The row of an event; undefined for a session that is left out. */
export function trackedEvent(
  { id, name, ...props }: TrackedEventInput,
  session: string,
  { day, salt, oneIn }: { readonly day: BusinessDay; readonly salt: Buffer } & Sampling,
): TrackingEvent | undefined {
  const hash = createHmac('sha256', salt).update(session).digest('hex').slice(0, 32);
  if (Number.parseInt(hash.slice(0, 8), 16) % oneIn !== 0) return undefined;
  return { day, eventId: id, session: hash, name, props, at: instantWithin(id, day), weight: oneIn };
}

/** When it was by the client's clock, moved into the day. */
function instantWithin(id: string, day: BusinessDay): Date {
  const [begin, end] = [instantOf(day, 0).getTime(), endOf(day).getTime() - 1];
  return new Date(Math.min(Math.max(millisecondOf(id), begin), end));
}

/** The day by the client's clock. */
const ownDay = (id: string): BusinessDay => businessDay(new Date(millisecondOf(id)));

/** The milliseconds since 1970 that a UUIDv7 begins with. */
function millisecondOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
