import { readJournal, type JournalEvent } from '../../entities/events/read-journal';
import { readEpoch, readLatestEvents, type LatestEvent } from '../../entities/events/read-latest-events';
import type { DatabaseConfig } from '../../platform/config/database';
import { openJournalTail, type JournalTail } from '../../platform/journal-tail';
import type { Logger } from '../../platform/logger';
import type { Metrics } from '../../platform/metrics';
import type { AnswerCache } from './answer-kinds';
import { invalidationBy } from './invalidation-by';

/** How far back a process that begins can judge what others put into Redis. */
const LATEST_EVENTS = 2_000;

/** Lets events of the journal decide which answers are valid, from the first read of the journal on. */
export function followJournal(
  cache: AnswerCache,
  {
    database,
    longestSilenceMs,
    logger,
    metrics,
  }: {
    readonly database: DatabaseConfig;
    /** A journal that was not read for so long may have changes that nobody here knows of. */
    readonly longestSilenceMs: number;
    readonly logger: Logger;
    readonly metrics: Metrics;
  },
): JournalTail {
  let epoch: string | undefined;
  /** After a lost connection the database may be another one. */
  let isEpochChecked = false;

  function note(event: LatestEvent): void {
    const invalidation = invalidationBy(event);
    if (invalidation) cache.note(event.xid, invalidation);
  }

  const tail = openJournalTail<JournalEvent>({
    name: 'answers',
    database,
    async read(query, place) {
      try {
        const present = isEpochChecked ? epoch : await readEpoch(query);
        const page = await readJournal(query, place);
        const snapshot = page.next.cursor;
        if (present !== epoch) {
          const latest = await readLatestEvents(query, LATEST_EVENTS);
          const since = latest.length < LATEST_EVENTS ? 0 : latest.at(-1)!.xid + 1;
          cache.start({ epoch: present!, snapshot, since });
          latest.forEach(note);
        } else if (!page.isInterrupted) cache.moveTo(snapshot);
        epoch = present;
        isEpochChecked = true;
        return page;
      } catch (error) {
        isEpochChecked = false;
        throw error;
      }
    },
    onEvents: (events) => events.forEach(note),
    onResync(snapshot) {
      // Nothing is known of the events that were skipped, so only what is loaded from now on can be judged.
      cache.start({ epoch: epoch!, snapshot, since: Number.MAX_SAFE_INTEGER });
      isEpochChecked = false;
    },
    logger,
    metrics,
  });
  cache.followedBy(() => tail.lagMs() < longestSilenceMs);
  return tail;
}
