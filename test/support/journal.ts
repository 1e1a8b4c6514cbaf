import type { Aggregate, EventOf } from '../../entities/events/aggregate';
import { readJournal, type JournalEvent } from '../../entities/events/read-journal';
import { recordEvents } from '../../entities/events/record-events';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { openJournalTail, type JournalTail, type JournalTailOptions } from '../../platform/journal-tail';
import { createLogger } from '../../platform/logger';
import { createMetrics } from '../../platform/metrics';
import { eventually } from './eventually';
import type { ShopDatabase } from './shop-database';
import { rows } from './sql';

interface ParcelEvents {
  'parcel.moved': { to: number };
}

/** Something with a history and nothing else. `makeParcels` makes its table. */
export const PARCEL: Aggregate<ParcelEvents> = { type: 'parcel', table: 'parcels' };

export const SILENT = createLogger({ logLevel: 'silent' }, { service: 'test' });

export const configOf = (url: string): DatabaseConfig =>
  loadConfig({ database: DatabaseConfig }, { DATABASE_URL: url }).database;

/** The ids of new parcels, in a table that is made with the first. */
export async function makeParcels(
  { database }: Pick<ShopDatabase, 'database'>,
  count = 1,
): Promise<string[]> {
  await database.query(
    'CREATE TABLE IF NOT EXISTS parcels (id uuid PRIMARY KEY, version integer NOT NULL DEFAULT 0)',
  );
  const ids = Array.from({ length: count }, () => newId());
  await database.query('INSERT INTO parcels (id) SELECT unnest($1::uuid[])', [ids]);
  return ids;
}

/** Records moves of a parcel in this transaction. */
export function move(transaction: Transaction, parcel: string, ...to: number[]): Promise<void> {
  const events = to.map((place): EventOf<ParcelEvents> => ({ type: 'parcel.moved', payload: { to: place } }));
  return recordEvents(transaction, PARCEL, parcel, ...events);
}

/** Writes many events of a new parcel with one statement that no reader is told of. */
export async function writeInBulk(
  { database }: Pick<ShopDatabase, 'database'>,
  count: number,
): Promise<void> {
  await database.query(
    `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
     SELECT 'parcel', $1, n, 'parcel.moved', '{}' FROM generate_series(1, $2::int) AS n`,
    [newId(), count],
  );
}

/** The snapshot of this moment. */
export async function cursorOf({ database }: ShopDatabase): Promise<string> {
  const [found] = await rows<{ now: string }>(database.manager, 'SELECT pg_current_snapshot()::text AS now');
  return found!.now;
}

/** A tail, and what it was told. */
export interface Followed extends JournalTail {
  readonly batches: { readonly events: readonly JournalEvent[]; readonly cursor: string }[];
  readonly resyncs: string[];
  readonly metrics: ReturnType<typeof createMetrics>;
  events(): JournalEvent[];
  /** Waits for so many events in all. */
  hasRead(count: number): Promise<JournalEvent[]>;
}

/** Follows the journal of a database, and waits for the first read. */
export async function follow(
  { url }: Pick<ShopDatabase, 'url'>,
  options: Partial<JournalTailOptions<JournalEvent>> = {},
): Promise<Followed> {
  const batches: Followed['batches'] = [];
  const resyncs: string[] = [];
  const metrics = createMetrics();
  const tail = openJournalTail<JournalEvent>({
    name: 'test',
    database: configOf(url),
    read: readJournal,
    logger: SILENT,
    metrics,
    onResync: (cursor) => void resyncs.push(cursor),
    ...options,
    async onEvents(events, cursor) {
      await options.onEvents?.(events, cursor);
      batches.push({ events, cursor });
    },
  });
  await eventually(() => tail.lagMs(), Number.isFinite);
  const events = () => batches.flatMap((batch) => batch.events);
  return {
    ...tail,
    batches,
    resyncs,
    metrics,
    events,
    async hasRead(count) {
      await eventually(
        () => events().length,
        (length) => length >= count,
      );
      return events();
    },
  };
}
