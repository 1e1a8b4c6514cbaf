import type { DataSource } from 'typeorm';

import type { JournalEvent } from '../../entities/events/read-journal';
import { storeJournalCursor } from '../../entities/events/store-journal-cursor';
import { findWanted, inParts, type WantedOf } from '../../entities/notifications/note-events';
import { boxIdOf } from '../../entities/notifications/notification-boxes';
import { notify } from '../../entities/notifications/notify';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import { createHalving } from './in-halves';
import type { NotifierMetrics } from './notifier-metrics';

/** How long events that tell nobody anything may stay unread in the stored cursor. It saves a write for each read. */
const STORE_IDLE_MS = 5_000;

/** Another process leads, and has moved the cursor. */
export class Superseded extends Error {}

interface TellOptions {
  /** Of the cursor. */
  readonly name: string;
  readonly database: DataSource;
  /** The cursor as it is stored. */
  readonly cursor: string;
  readonly logger: Logger;
  readonly counted: NotifierMetrics;
  readonly isStopped: () => boolean;
}

/** Tells people of a batch of events, and stores that it was done. */
export type TellEvents = (
  events: readonly JournalEvent[],
  cursor: string,
  storesAlways?: boolean,
) => Promise<void>;

/**
 * Tells people of events. What a batch wants to tell is found once and made in parts, of which the last moves the cursor; each of them
 * compares it, and throws {@link Superseded} when another process has moved it. An event that cannot be read and a person who cannot
 * be told keep nobody else from hearing: they are left out, logged and counted.
 */
export function createTellEvents({
  name,
  database,
  cursor: known,
  logger,
  counted,
  isStopped,
}: TellOptions): TellEvents {
  let stored = known;
  let storedAt = performance.now();
  const endsAll = (error: unknown) => error instanceof Superseded || isStopped();

  const findInHalves = createHalving<JournalEvent>({
    nameOf: ({ id }) => String(id),
    endsAll,
    onSkipped({ id, type }, error) {
      logger.error({ err: error, event: id, type }, 'nobody is told of an event');
      counted.skipped();
    },
  });
  const tellInHalves = createHalving<WantedOf<JournalEvent>>({
    nameOf: ({ owner, dedupeKey }) => `${boxIdOf(owner)} ${dedupeKey}`,
    endsAll,
    onSkipped({ event, owner }, error) {
      const about = { event: event.id, type: event.type, box: boxIdOf(owner) };
      logger.error({ err: error, ...about }, 'somebody is not told of an event');
      counted.skipped();
    },
  });

  /** When another process has moved the cursor, nothing is kept. */
  async function commit(wanted: readonly WantedOf<JournalEvent>[], cursor: string): Promise<void> {
    const noted = await withTransaction(database, async (transaction) => {
      const created = await notify(transaction, wanted);
      if (!(await storeJournalCursor(transaction, name, cursor, stored))) throw new Superseded();
      return created;
    });
    counted.created(noted);
    stored = cursor;
    storedAt = performance.now();
  }

  return async function tellEvents(events, cursor, storesAlways = false) {
    const found = await findInHalves(events, (some) =>
      withTransaction(database, (transaction) => findWanted(transaction, some)),
    );
    const parts = inParts(found.flat());
    const last = parts.at(-1);
    const held: unknown[] = [];
    const cursorWith = (some: readonly WantedOf<JournalEvent>[]) =>
      some === last && held.length === 0 ? cursor : stored;
    for (const part of parts) await tellInHalves(part, (some) => commit(some, cursorWith(some)), held);
    if (held.length > 0) throw held[0];
    const isIdle = !last && !storesAlways && performance.now() - storedAt < STORE_IDLE_MS;
    if (stored !== cursor && !isIdle) await commit([], cursor);
  };
}
