import { isPostgresAway, isRetryable, postgresCode } from '../../platform/postgres-errors';

const STATEMENT_TIMEOUT = '57014';
/** A table or column that is missing: a migration of this version has not run yet. */
const NOT_DEPLOYED = new Set(['42P01', '42703']);
/** An overloaded Postgres is too slow for everybody, so one time-out says nothing of a single one. */
const TIMEOUTS_AT_MOST = 5;

/** Whether the same would be refused again, wherever and whenever it is tried. */
function isRefused(error: unknown): boolean {
  const code = postgresCode(error);
  if (code === STATEMENT_TIMEOUT) return true;
  return !isPostgresAway(error) && !isRetryable(error) && !NOT_DEPLOYED.has(code ?? '');
}

interface HalvingOptions<Item> {
  /** A name of an item that stays the same when everything is done again. */
  readonly nameOf: (item: Item) => string;
  /** Told of each item that cannot be done. */
  readonly onSkipped: (item: Item, error: unknown) => void;
  /** Whether an error says nothing of the items. */
  readonly endsAll: (error: unknown) => boolean;
}

/** Does some work with a list of items, and returns what each call of the work that went through has returned. */
export type InHalves<Item> = <Result>(
  items: readonly Item[],
  work: (items: readonly Item[]) => Promise<Result>,
) => Promise<Result[]>;

/**
 * Work with lists in which single items may be refused. A list that is refused is halved until the items that cannot be done are
 * alone, and these are left out. While Postgres is away or a deploy is unfinished, the error is thrown and nothing is left out.
 */
export function createHalving<Item>({ nameOf, onSkipped, endsAll }: HalvingOptions<Item>): InHalves<Item> {
  const timeouts = new Map<string, number>();

  function mayTryAgain(item: Item, error: unknown): boolean {
    if (postgresCode(error) !== STATEMENT_TIMEOUT) return false;
    const times = (timeouts.get(nameOf(item)) ?? 0) + 1;
    timeouts.set(nameOf(item), times);
    return times < TIMEOUTS_AT_MOST;
  }

  return async function inHalves<Result>(
    items: readonly Item[],
    work: (items: readonly Item[]) => Promise<Result>,
  ): Promise<Result[]> {
    try {
      return [await work(items)];
    } catch (error) {
      if (endsAll(error) || !isRefused(error)) throw error;
      if (items.length > 1) {
        const middle = Math.ceil(items.length / 2);
        return [
          ...(await inHalves(items.slice(0, middle), work)),
          ...(await inHalves(items.slice(middle), work)),
        ];
      }
      const [item] = items;
      if (item === undefined || mayTryAgain(item, error)) throw error;
      timeouts.delete(nameOf(item));
      onSkipped(item, error);
      return [];
    }
  };
}
