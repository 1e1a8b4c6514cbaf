import { oneOf, orNull, readQuery, wholeNumber } from './fields';
import { RequestProblem } from './problem';
import type { Control } from './provider';
import type { Records } from './records';

/** How records are shown by the control API. */
export interface RecordControlsOptions<T> {
  /** Names the resource and the list in its answer: `messages`. */
  readonly path: string;
  readonly state: (record: T) => string;
  /** All states, for the filter of the list. */
  readonly states: readonly [string, ...string[]];
  readonly view: (record: T) => unknown;
}

const USUAL_LIMIT = 100;
const MOST_ROWS = 10_000;

/** `GET /messages?state=&limit=`, newest first, and `GET /messages/:id`. */
export function recordControls<T>(
  records: Records<T>,
  { path, state, states, view }: RecordControlsOptions<T>,
): Readonly<Record<string, Control>> {
  const filter = {
    state: orNull(oneOf(...states)),
    limit: wholeNumber(USUAL_LIMIT, { least: 1, most: MOST_ROWS }),
  };
  return {
    [`GET /${path}`]: ({ query }) => {
      const { state: wanted, limit } = readQuery(filter, query);
      const fitting = records.all().filter((record) => wanted === null || state(record) === wanted);
      return { total: fitting.length, [path]: fitting.slice(0, limit).map(view) };
    },
    [`GET /${path}/:id`]: ({ params }) => view(recordOf(records, params.id)),
  };
}

/** The record with the id. Throws 404. */
export function recordOf<T>(records: Records<T>, id: string | undefined): T {
  const record = records.find(id ?? '');
  if (record === undefined) throw new RequestProblem(404, `there is no ${id}`);
  return record;
}

/** Instants as ISO 8601, under their names; null stays null. */
export function shownInstants<N extends string>(
  instants: Readonly<Record<N, number | null>>,
): Record<N, string | null> {
  const shown = Object.entries<number | null>(instants).map(([name, at]) => [
    name,
    at === null ? null : new Date(at).toISOString(),
  ]);
  return Object.fromEntries(shown) as Record<N, string | null>;
}
