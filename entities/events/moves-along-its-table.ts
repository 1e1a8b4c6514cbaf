import type { Invariant } from '../invariant';
import type { Aggregate } from './aggregate';

/** How the events of an aggregate move its status. */
interface Moves<Events extends object, Status extends string> {
  /** The first event of each history. */
  readonly beginning: keyof Events & string;
  /** The events of a move, and the status after it. */
  readonly statusAfter: Readonly<Partial<Record<keyof Events & string, Status>>>;
  readonly transitions: Readonly<Record<Status, readonly Status[]>>;
  /** Whether an event may also leave the status as it is. */
  readonly mayStay?: boolean;
}

/** One pass over the journal in the order of its unique index: each move is compared with the one before it. */
export function movesAlongItsTable<Events extends object, Status extends string>(
  { type, table }: Aggregate<Events>,
  { beginning, statusAfter, transitions, mayStay = false }: Moves<Events, Status>,
): Invariant {
  const moves = Object.entries(statusAfter).map(([event, status]) => `('${event}', '${String(status)}')`);
  const allowed = Object.entries<readonly Status[]>(transitions).flatMap(([from, all]) =>
    all.map((to) => `('${from}', '${to}')`),
  );
  const id = `${type.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())}Id`;
  return {
    invariant: `${table.replaceAll('_', '-')}-move-along-their-table`,
    sentence: `The journal leads every ${type.replaceAll('_', ' ')} from its beginning to its status, only by moves of the transition table.`,
    violations: `
      WITH told AS (
        SELECT e.aggregate_id AS id, e.version, e.type, m.status,
          lag(m.status) OVER history AS before, lead(e.version) OVER history IS NULL AS is_last
        FROM events e JOIN (VALUES ${moves.join(', ')}) AS m(type, status) ON m.type = e.type
        WHERE e.aggregate_type = '${type}'
        WINDOW history AS (PARTITION BY e.aggregate_id ORDER BY e.version)
      )
      SELECT id AS "${id}", version, before AS "from", status AS "to" FROM told
      WHERE CASE WHEN before IS NULL OR type = '${beginning}' THEN NOT (before IS NULL AND type = '${beginning}')
        ELSE ${mayStay ? 'before <> status AND ' : ''}(before, status) NOT IN (${allowed.join(', ')}) END
      UNION ALL
      SELECT a.id, a.version, told.status, a.status
      FROM ${table} a LEFT JOIN told ON told.id = a.id AND told.is_last
      WHERE a.status IS DISTINCT FROM told.status`,
  };
}
