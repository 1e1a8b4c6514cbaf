import type { Call } from '../../kit/call';
import { queryOf, wholeOf, type Input } from './input';

const MOST_ROWS = 100;
const DAY_MS = 24 * 3_600_000;
/** Iran has had no summer time since 2022. */
const TEHRAN_OFFSET_MS = 3.5 * 3_600_000;

/** A page: `pageSize` is 100 at most and by default, `pageNumber` begins with 1. What a GET has in its body is not read. */
export function pageOf<T>(rows: readonly T[], call: Call): readonly T[] {
  const query = queryOf(call);
  const size = rowsOf(query, 'pageSize');
  const number = wholeOf(query, 'pageNumber', 1) ?? 1;
  return rows.slice((number - 1) * size, number * size);
}

/** How many rows a call wants, at most 100. Throws 16. */
export function rowsOf(query: Input, name: string): number {
  return Math.min(wholeOf(query, name, 1) ?? MOST_ROWS, MOST_ROWS);
}

/** When the day of Tehran began that an instant belongs to. */
export function dayOf(at: number): number {
  return Math.floor((at + TEHRAN_OFFSET_MS) / DAY_MS) * DAY_MS - TEHRAN_OFFSET_MS;
}

/** The hour of Tehran's day. */
export function hourOf(at: number): number {
  return Math.floor((at - dayOf(at)) / 3_600_000);
}

/** Whether an instant lies in what an archive shows: up to the end of yesterday, and within `fromDate` and `toDate`. */
export function inArchive(call: Call, now: number): (at: number) => boolean {
  const query = queryOf(call);
  const from = (wholeOf(query, 'fromDate') ?? 0) * 1_000;
  const to = (wholeOf(query, 'toDate') ?? Infinity) * 1_000 + 999;
  const today = dayOf(now);
  return (at) => at < today && at >= from && at <= to;
}
