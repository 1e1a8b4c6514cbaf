import type { EntityManager } from 'typeorm';

import { daysBetween } from '../calendar/business-day';
import { invalidRequest } from '../problem';
import { instant, integer, nullable, text } from '../row-shape';
import { rows, statement } from '../sql';
import { figureOf } from './figures';
import type { FigureHistoryInput } from './history.input';
import type { FigureHistoryView } from './history.view';

const MOST_DAYS = { day: 366, hour: 14 } as const;

interface Found {
  readonly day: string;
  readonly hour: number;
  readonly dimension: string;
  readonly value: number;
  readonly of: number | null;
  readonly countedAt: Date;
}

/** A part and its whole have rows of their own, and either may be missing. */
const READ = statement<Found>(
  `SELECT day::text, hour, dimension, coalesce(max(value) FILTER (WHERE figure = $1), 0) AS value,
     CASE WHEN $2::text IS NOT NULL THEN coalesce(max(value) FILTER (WHERE figure = $2), 0) END AS of,
     max(counted_at) AS "countedAt"
   FROM analytics_days
   WHERE figure IN ($1, $2) AND day BETWEEN $3::date AND $4::date AND (hour >= 0) = $5
   GROUP BY day, hour, dimension ORDER BY day, hour, dimension`,
  {
    day: text,
    hour: integer,
    dimension: text,
    value: integer,
    of: nullable(integer),
    countedAt: instant,
  },
);

/**
 * A figure of these days, the earliest first.
 *
 * @throws AppError `request.invalid`
 */
export async function readHistory(
  manager: EntityManager,
  { figure, from, to, by = 'day' }: FigureHistoryInput,
  where: 'body' | 'query',
): Promise<FigureHistoryView> {
  const days = daysBetween(from, to) + 1;
  if (days < 1 || days > MOST_DAYS[by]) {
    const detail = `must be from and at most ${MOST_DAYS[by] - 1} days after it`;
    throw invalidRequest([{ in: where, field: 'to', rule: 'range', detail }]);
  }
  const { counted, of = null } = figureOf(figure);
  const found = await rows(manager, READ, [counted, of, from, to, by === 'hour']);
  const points = found.map(({ hour, dimension, countedAt, ...point }) => ({
    ...point,
    hour: by === 'hour' ? hour : null,
    dimension: dimension || null,
    countedAt: countedAt.toISOString(),
  }));
  return { figure, by, points };
}
