import {
  isPostgresAway,
  isRetryable,
  postgresCode,
  violatedConstraint,
} from '../../platform/postgres-errors';

const STATEMENT_TIMEOUT = '57014';
/** A table or column that is missing: a migration of this version has not run yet. */
const NOT_DEPLOYED = new Set(['42P01', '42703']);
/** What a value is checked against. A new category or kind of delivery needs a migration of it. */
const CHECKS = /^ck_notifications_|^ck_notification_deliveries_/;
/** Deploys take minutes. What a check refuses for longer is a mistake. */
const CHECKS_HOLD_MS = 600_000;
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
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * Does some work with a list of items, and returns what each call of the work that went through has returned.
 *
 * @param held takes errors of items that are to be tried again, where more lists belong together: the caller throws. Without it the
 *   first of them is thrown once all others of the list are done.
 */
export type InHalves<Item> = <Result>(
  items: readonly Item[],
  work: (items: readonly Item[]) => Promise<Result>,
  held?: unknown[],
) => Promise<Result[]>;

/**
 * Work with lists in which single items may be refused. A list that is refused is halved until the items that cannot be done are
 * alone, and these are left out. While Postgres is away or a deploy is unfinished, the error is thrown and nothing is left out. What a
 * check of the schema refuses is thrown for ten minutes, once all others are done: its migration may be late.
 */
export function createHalving<Item>({
  nameOf,
  onSkipped,
  endsAll,
  now = () => performance.now(),
}: HalvingOptions<Item>): InHalves<Item> {
  const timeouts = new Map<string, number>();
  /** Since when each check refuses something. */
  const refusing = new Map<string, number>();

  function mayComeWithDeploy(error: unknown): boolean {
    const check = violatedConstraint(error) ?? '';
    if (!CHECKS.test(check)) return false;
    const since = refusing.get(check) ?? now();
    refusing.set(check, since);
    return now() - since < CHECKS_HOLD_MS;
  }

  function mayTryAgain(item: Item, error: unknown): boolean {
    if (postgresCode(error) !== STATEMENT_TIMEOUT) return false;
    const times = (timeouts.get(nameOf(item)) ?? 0) + 1;
    timeouts.set(nameOf(item), times);
    return times < TIMEOUTS_AT_MOST;
  }

  async function halve<Result>(
    items: readonly Item[],
    work: (items: readonly Item[]) => Promise<Result>,
    held: unknown[],
  ): Promise<Result[]> {
    try {
      return [await work(items)];
    } catch (error) {
      if (endsAll(error) || !isRefused(error)) throw error;
      if (items.length > 1) {
        const middle = Math.ceil(items.length / 2);
        return [
          ...(await halve(items.slice(0, middle), work, held)),
          ...(await halve(items.slice(middle), work, held)),
        ];
      }
      const [item] = items;
      if (item === undefined || mayTryAgain(item, error)) throw error;
      if (mayComeWithDeploy(error)) {
        held.push(error);
        return [];
      }
      timeouts.delete(nameOf(item));
      onSkipped(item, error);
      return [];
    }
  }

  return async (items, work, kept) => {
    const held = kept ?? [];
    const done = await halve(items, work, held);
    if (kept === undefined && held.length > 0) throw held[0];
    return done;
  };
}
