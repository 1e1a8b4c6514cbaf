import { Redis } from 'ioredis';

import { countDay } from '../../entities/analytics/count-day';
import type { FigureSource } from '../../entities/analytics/figures';
import { readFigures } from '../../entities/analytics/read-figures';
import { createTracking } from '../../entities/analytics/tracking';
import { addDays, businessDay, instantOf } from '../../entities/calendar/business-day';
import { newId } from '../../entities/values/uuid';
import { createRateLimiter } from '../../platform/rate-limit';
import { withTransaction } from '../../platform/transaction';
import { viewAt } from './factories/tracked';
import type { ShopDatabase } from './shop-database';
import { rows } from './sql';

export const TODAY = businessDay(new Date());
export const YESTERDAY = addDays(TODAY, -1);
export const AT_NOON = instantOf(YESTERDAY, 720);
export const PERSON = { isBot: false, identity: '203.0.113.9' };

type TrackingParts = Parameters<typeof createTracking>[0];

/** Limits that several processes may share. */
export function buildLimits(bounds: { perMinute?: number; perDay?: number } = {}) {
  const { consumeMany } = createRateLimiter(new Redis({ lazyConnect: true }));
  return { perMinute: 10_000, perDay: 1_000_000, ...bounds, consume: consumeMany };
}

export const opened = { attemptId: 'a', gateway: 'zarinpal' };
export const paid = (amount: number, gateway = 'zarinpal') => ({
  attemptId: 'a',
  gateway,
  amount: { amount, currency: 'IRR' },
});

/** What tests of figures do with a shop that is open by then. */
export function figuresOf(home: () => ShopDatabase) {
  const run = <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    rows<Row>(home().database.manager, sql, values);

  /** Forgets everything that figures are counted from. */
  async function wipe(): Promise<void> {
    await run('DELETE FROM tracking_events');
    await run('DELETE FROM tracking_present');
    await run('DELETE FROM tracking_salts');
    await run('DELETE FROM analytics_failed_days');
    await run('DELETE FROM analytics_days');
    await run('DELETE FROM analytics_sources');
    await run('DELETE FROM sms_attempts');
    await run('DELETE FROM campaign_recipients');
    await run('DELETE FROM campaign_batches');
    await run(`DELETE FROM events WHERE aggregate_type = 'order'`);
  }

  /** A process that takes events, and what it counted. */
  function buildTracking(more: Partial<TrackingParts> = {}) {
    const counts: Record<string, number> = {};
    const tracking = createTracking({
      isEnabled: true,
      oneIn: 1,
      run: (operation) => withTransaction(home().database, operation),
      count(outcome, events) {
        counts[outcome] = (counts[outcome] ?? 0) + events;
      },
      limits: buildLimits(),
      now: () => AT_NOON,
      ...more,
    });
    return { tracking, track: tracking.track, counts };
  }

  const stored = () =>
    run<{ day: string; name: string; session: string; weight: number }>(
      'SELECT day::text, name, session, weight FROM tracking_events ORDER BY day, at',
    );

  /** Something that happened to an order at a minute of a day in Tehran. */
  const happen = (day: string, minute: number, type: string, payload: object) =>
    run(
      `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload, created_at) VALUES ('order', $1, 1, $2, $3, $4)`,
      [newId(), type, JSON.stringify(payload), instantOf(day, minute)],
    );
  const buildTracked = (day: string, minute: number, session: string, name = 'page_view', weight = 1) =>
    run(
      `INSERT INTO tracking_events (day, event_id, session, name, props, at, weight) VALUES ($1, $2, $3, $4, '{}', $5, $6)`,
      [day, viewAt(instantOf(day, minute)).id, session, name, instantOf(day, minute), weight],
    );

  const count = (source: FigureSource, day: string) =>
    home().run((transaction) => countDay(transaction, source, day));

  const figures = () =>
    run<{ figure: string; day: string; hour: number; dimension: string; value: number }>(
      'SELECT figure, day::text, hour, dimension, value FROM analytics_days ORDER BY 1, 2, 3, 4',
    );
  const read = () => readFigures(home().database.manager, new Date());
  const wholeDays = async () =>
    (await figures())
      .filter(({ hour }) => hour === -1)
      .map(({ figure, dimension, value }) => [figure, dimension, value]);

  return { run, wipe, buildTracking, stored, happen, buildTracked, count, figures, read, wholeDays };
}
