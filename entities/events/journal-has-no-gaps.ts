import type { Invariant } from '../invariant';
import type { Aggregate } from './aggregate';

/**
 * One pass over the unique index of the versions, whose order it groups by, and one over the aggregates' table.
 *
 * Of an aggregate that forgets, the oldest events may be gone, and the invariant cannot tell retention from loss. What is left has no
 * gap, and ends with the row's version.
 *
 * @param removal the type of the last event of a row that is gone; without it none may go
 */
export function journalHasNoGaps({ type, table, forgets }: Aggregate<object>, removal?: string): Invariant {
  const isRemoved = `(a.id IS NULL AND EXISTS (
        SELECT 1 FROM events WHERE aggregate_type = '${type}' AND aggregate_id = e.id AND version = e.newest
          AND type = '${removal}'))`;
  return {
    invariant: `${type}-journal-has-no-gaps`,
    sentence: `The events of each ${type} are numbered ${forgets ? '' : 'from one '}without gaps, and its row has the last number.`,
    violations: `
      SELECT coalesce(a.id, e.id) AS "${type}Id", a.version, coalesce(e.events, 0) AS events, e.oldest, e.newest
      FROM ${table} a FULL JOIN (
        SELECT aggregate_id AS id, count(*) AS events, min(version) AS oldest, max(version) AS newest
        FROM events WHERE aggregate_type = '${type}' GROUP BY aggregate_id
      ) AS e ON e.id = a.id
      WHERE a.version IS DISTINCT FROM coalesce(e.newest, 0)${removal === undefined ? '' : ` AND NOT ${isRemoved}`}
        OR e.events <> e.newest - e.oldest + 1${forgets ? '' : ' OR e.oldest <> 1'}`,
  };
}
