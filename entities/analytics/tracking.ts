import { businessDay, type BusinessDay } from '../calendar/business-day';
import { AppError } from '../errors';
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
   * @throws AppError `tracking.full`, `request.too_many`
   */
  track(batch: TrackingBatchInput, from: Sender): Promise<TrackedView>;
}

/** Who sends events. */
export interface Sender {
  readonly isBot: boolean;
  /** The network that limits count, which is stored nowhere. */
  readonly identity: string;
}

/** What became of events. */
export type TrackedOutcome = 'stored' | 'left_out' | 'of_bots' | 'refused' | 'limited' | 'over_day';

/** How many events are taken. */
export interface EventLimits {
  /** Of one sender, by HTTP and sockets together. */
  readonly perMinute: number;
  /** Of all senders. */
  readonly perDay: number;
  /** Counts events of an identity under a name, and says whether they are within the limit. */
  readonly consume: (
    name: string,
    identity: string,
    limit: { readonly limit: number; readonly windowSeconds: number },
    events: number,
  ) => Promise<{ readonly allowed: boolean; readonly retryAfterSeconds: number }>;
}

interface Parts extends Sampling {
  /** False: events are answered and not stored. */
  readonly isEnabled: boolean;
  /** How a transaction is run. */
  readonly run: <Result>(operation: (transaction: Transaction) => Promise<Result>) => Promise<Result>;
  /** Counts events by what became of them. */
  readonly count: (outcome: TrackedOutcome, events: number) => void;
  readonly limits: EventLimits;
  readonly bounds?: { readonly mostWaiting: number; readonly mostAtOnce: number };
  readonly now?: () => Date;
}

/** Some 4 MB, and one statement of some 30 ms. */
const BOUNDS = { mostWaiting: 10_000, mostAtOnce: 1_000 };

export function createTracking({
  isEnabled,
  run,
  count,
  limits,
  oneIn,
  bounds = BOUNDS,
  now = () => new Date(),
}: Parts): Tracking {
  const salts = new Map<BusinessDay, Promise<Buffer>>();
  const buffer = createWriteBuffer<TrackingEvent>(store, bounds);

  /** Nobody loses events because a job did not run: the first one of a day makes the partition then. */
  async function store(events: readonly TrackingEvent[]): Promise<void> {
    const today = businessDay(now());
    try {
      await run((transaction) => storeTracked(transaction, events, today));
    } catch (error) {
      if (!lacksPartition(error)) throw error;
      await run((transaction) => makePartitions(transaction, new Set(events.map(({ day }) => day))));
      await run((transaction) => storeTracked(transaction, events, today));
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

  const withinMinute = (identity: string, events: number) =>
    limits.consume('tracking-events', identity, { limit: limits.perMinute, windowSeconds: 60 }, events);

  async function isWithinDay(events: number): Promise<boolean> {
    const limit = { limit: limits.perDay, windowSeconds: 86_400 };
    return (await limits.consume('tracking-day', businessDay(now()), limit, events)).allowed;
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
    async track(batch, { isBot, identity }) {
      const accepted = batch.events.length;
      if (isBot || !isEnabled) {
        count(isBot ? 'of_bots' : 'left_out', accepted);
        return { accepted };
      }
      const sent = await withinMinute(identity, accepted);
      if (!sent.allowed) {
        count('limited', accepted);
        throw new AppError('request.too_many', { retryAfterSeconds: sent.retryAfterSeconds });
      }
      const events = await rowsOf(batch);
      count('left_out', accepted - events.length);
      if (events.length > 0 && !(await isWithinDay(events.length))) {
        count('over_day', events.length);
        return { accepted };
      }
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
