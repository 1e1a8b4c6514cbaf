import type { BusinessDay } from '../calendar/business-day';
import type { Transaction } from '../sql';
import { lacksPartition, makePartitions } from './keep-partitions';
import { saltOf, storeTracked } from './store-tracked';
import { dayOf, openDays, trackedEvent, type Sampling } from './tracked-event';
import type { TrackingEvent } from './tracking-event';
import type { TrackingBatchInput, TrackedView } from './tracking.input';
import { createWriteBuffer } from './write-buffer';

/** Takes what browsers tell. A process has one. */
export interface Tracking {
  /** How many events wait to be stored. */
  readonly waiting: number;
  /**
   * Resolves once the events are stored. They may be sent again after any failure.
   *
   * @param from who sends them
   * @throws AppError `tracking.full`
   */
  track(batch: TrackingBatchInput, from: { readonly isBot: boolean }): Promise<TrackedView>;
}

interface Parts extends Sampling {
  /** False: events are answered and not stored. */
  readonly isEnabled: boolean;
  /** How a transaction is run. */
  readonly run: <Result>(operation: (transaction: Transaction) => Promise<Result>) => Promise<Result>;
  /** Counts events by what became of them. */
  readonly count: (outcome: 'stored' | 'left_out' | 'of_bots' | 'refused', events: number) => void;
  readonly bounds?: { readonly mostWaiting: number; readonly mostAtOnce: number };
  readonly now?: () => Date;
}

/** Some 4 MB, and one statement of some 30 ms. */
const BOUNDS = { mostWaiting: 10_000, mostAtOnce: 1_000 };

export function createTracking({
  isEnabled,
  run,
  count,
  oneIn,
  bounds = BOUNDS,
  now = () => new Date(),
}: Parts): Tracking {
  const salts = new Map<BusinessDay, Promise<Buffer>>();
  const buffer = createWriteBuffer<TrackingEvent>(store, bounds);

  /** Nobody loses events because a job did not run: the first one of a day makes the partition then. */
  async function store(events: readonly TrackingEvent[]): Promise<void> {
    try {
      await run((transaction) => storeTracked(transaction, events));
    } catch (error) {
      if (!lacksPartition(error)) throw error;
      await run((transaction) => makePartitions(transaction, new Set(events.map(({ day }) => day))));
      await run((transaction) => storeTracked(transaction, events));
    }
  }

  /** A process knows the salts of the days that are open, and forgets the others. */
  function knownSalt(day: BusinessDay, open: readonly BusinessDay[]): Promise<Buffer> {
    for (const known of salts.keys()) if (!open.includes(known)) salts.delete(known);
    let salt = salts.get(day);
    if (!salt) {
      salt = run((transaction) => saltOf(transaction, day));
      salts.set(day, salt);
      salt.catch(() => salts.delete(day));
    }
    return salt;
  }

  async function rowsOf({ session, events }: TrackingBatchInput): Promise<TrackingEvent[]> {
    const at = now();
    const open = openDays(at);
    const tracked: TrackingEvent[] = [];
    for (const event of events) {
      const day = dayOf(event, at);
      const row = trackedEvent(event, session, { day, salt: await knownSalt(day, open), oneIn });
      if (row) tracked.push(row);
    }
    return tracked;
  }

  return {
    get waiting() {
      return buffer.waiting;
    },
    async track(batch, { isBot }) {
      const accepted = batch.events.length;
      if (isBot || !isEnabled) {
        count(isBot ? 'of_bots' : 'left_out', accepted);
        return { accepted };
      }
      const events = await rowsOf(batch);
      count('left_out', accepted - events.length);
      try {
        if (events.length > 0) await buffer.add(events);
      } catch (error) {
        count('refused', events.length);
        throw error;
      }
      count('stored', events.length);
      return { accepted };
    },
  };
}
