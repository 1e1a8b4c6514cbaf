import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { daysToCount } from '../../entities/analytics/days-to-count';
import { dropPartitions, keepTracking } from '../../entities/analytics/keep-partitions';
import { addDays, endOf, instantOf } from '../../entities/calendar/business-day';
import { removeTracking } from '../../entities/retention/remove-tracking';
import { countStatements } from '../../platform/statement-count';
import { barrier } from '../support/barrier';
import { eventually } from '../support/eventually';
import { buildBatch, viewAt } from '../support/factories/tracked';
import { AT_NOON, buildLimits, figuresOf, PERSON, TODAY, YESTERDAY } from '../support/figures';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
  await shop.run((transaction) => keepTracking(transaction, TODAY));
});
afterAll(() => shop.close());

const { run, wipe, buildTracking, stored, buildTracked, count, figures } = figuresOf(() => shop);
beforeEach(wipe);

const partitions = () =>
  run<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'tracking'::regnamespace AND relkind = 'r' ORDER BY 1`,
  ).then((found) => found.map(({ name }) => name));
const partitionOf = (day: string) => `events_${day.replaceAll('-', '')}`;

describe('events of browsers', () => {
  test('are stored although their day has no partition, also by several processes at once', async () => {
    await run(`DROP TABLE IF EXISTS tracking.${partitionOf(YESTERDAY)}`);
    const processes = Array.from({ length: 4 }, () => buildTracking());
    const answers = await Promise.all(
      processes.map(({ track }) => track(buildBatch([viewAt(AT_NOON), viewAt(AT_NOON)]), PERSON)),
    );
    expect(answers).toEqual(Array.from({ length: 4 }, () => ({ accepted: 2 })));
    expect(await stored()).toHaveLength(8);
    expect(await partitions()).toContain(partitionOf(YESTERDAY));
  });

  test('that come again after midnight, or twice in one batch, are stored once', async () => {
    const midnight = endOf(YESTERDAY).getTime();
    const view = viewAt(new Date(midnight - 10_000));
    const batch = buildBatch([view, view]);
    for (const ms of [-5_000, 60_000, 3_600_000]) {
      const { track } = buildTracking({ now: () => new Date(midnight + ms) });
      expect(await track(batch, PERSON)).toEqual({ accepted: 2 });
    }
    expect(await stored()).toMatchObject([{ day: YESTERDAY, name: 'page_view' }]);
  });

  test('of a clock that is a year off count for an open day', async () => {
    const { track } = buildTracking();
    for (const sign of [-1, 1])
      await track(buildBatch([viewAt(new Date(AT_NOON.getTime() + sign * 365 * 86_400_000))]), PERSON);
    expect((await stored()).map(({ day }) => day)).toEqual([addDays(YESTERDAY, -1), TODAY]);
  });

  test.each([
    ['right', -60_000, YESTERDAY],
    ['a day ahead', 86_400_000 + 60_000, TODAY],
    ['a year ahead', 365 * 86_400_000, TODAY],
    ['two days behind', -2 * 86_400_000, addDays(YESTERDAY, -1)],
    ['a year behind', -365 * 86_400_000, addDays(YESTERDAY, -1)],
  ])('of a clock that is %s count once, also when they come again after midnight', async (_what, ms, day) => {
    const midnight = endOf(YESTERDAY).getTime();
    const batch = buildBatch([viewAt(new Date(midnight + ms))]);
    for (const now of [-1_000, 1_000, 23 * 3_600_000])
      await buildTracking({ now: () => new Date(midnight + now) }).track(batch, PERSON);
    expect((await stored()).map((row) => row.day)).toEqual([day]);
  });

  test('of bots, and all while tracking is off, are answered and not stored', async () => {
    const bots = buildTracking();
    expect(await bots.track(buildBatch([viewAt(AT_NOON)]), { ...PERSON, isBot: true })).toEqual({
      accepted: 1,
    });
    const off = buildTracking({ isEnabled: false });
    const { statements } = await countStatements(shop.database, () =>
      off.track(buildBatch([viewAt(AT_NOON)]), PERSON),
    );
    expect([bots.counts, off.counts, statements]).toEqual([{ of_bots: 1 }, { left_out: 1 }, []]);
    expect(await stored()).toEqual([]);
  });

  test('of a session that is left out are answered, and the others weigh more', async () => {
    const { track, counts } = buildTracking({ oneIn: 3 });
    for (let visitor = 0; visitor < 30; visitor += 1) await track(buildBatch([viewAt(AT_NOON)]), PERSON);
    const kept = await stored();
    expect(kept.length).toBeLessThan(30);
    expect(counts.left_out! + (counts.stored ?? 0)).toBe(30);
    expect(kept.every(({ weight }) => weight === 3)).toBe(true);
  });

  test('of many at once take one statement for each write and one connection', async () => {
    const { track } = buildTracking();
    await track(buildBatch([viewAt(AT_NOON)]), PERSON);
    const { statements } = await countStatements(shop.database, () =>
      Promise.all(Array.from({ length: 40 }, () => track(buildBatch([viewAt(AT_NOON)]), PERSON))),
    );
    const inserts = statements.filter((text) => text.includes('INSERT INTO tracking_events'));
    expect(inserts.length).toBeLessThanOrEqual(3);
    expect(await stored()).toHaveLength(41);
  });

  test('are refused with a time to come back once too many wait, and taken again afterwards', async () => {
    const { tracking, track, counts } = buildTracking({ bounds: { mostWaiting: 2, mostAtOnce: 2 } });
    await track(buildBatch([viewAt(AT_NOON)]), PERSON);
    const [locked, goOn] = [barrier(2), barrier(2)];
    const locking = shop.run(async (transaction) => {
      await rows(transaction, 'LOCK TABLE tracking_events IN SHARE MODE');
      await locked();
      await goOn();
    });
    await locked();
    const waiting = track(buildBatch([viewAt(AT_NOON), viewAt(AT_NOON)]), PERSON);
    await eventually(
      () => tracking.waiting,
      (events) => events === 2,
    );
    const late = buildBatch([viewAt(AT_NOON)]);
    expect(await refusalOf(track(late, PERSON))).toEqual({
      code: 'tracking.full',
      details: { retryAfterSeconds: 5 },
    });
    await goOn();
    await Promise.all([locking, waiting]);
    expect(await track(late, PERSON)).toEqual({ accepted: 1 });
    expect(await stored()).toHaveLength(4);
    expect(counts).toEqual({ stored: 4, left_out: 0, refused: 1 });
  });

  const views = (number: number) => buildBatch(Array.from({ length: number }, () => viewAt(AT_NOON)));

  test('are counted, not requests, for each sender through all processes, and refused beyond the limit', async () => {
    const limits = buildLimits({ perMinute: 60 });
    const [one, other] = [buildTracking({ limits }), buildTracking({ limits })];
    await one.track(views(50), PERSON);
    expect(await refusalOf(other.track(views(20), PERSON))).toEqual({
      code: 'request.too_many',
      details: { retryAfterSeconds: expect.any(Number) },
    });
    await other.track(views(20), { ...PERSON, identity: '203.0.113.10' });
    expect(await stored()).toHaveLength(70);
    expect(other.counts).toEqual({ limited: 20, left_out: 0, stored: 20 });
  });

  test('of a day are stored up to its limit, and then answered', async () => {
    const { track, counts } = buildTracking({ limits: buildLimits({ perDay: 60 }) });
    for (const identity of ['203.0.113.1', '203.0.113.2'])
      expect(await track(views(50), { isBot: false, identity })).toEqual({ accepted: 50 });
    expect(await stored()).toHaveLength(50);
    expect(counts).toEqual({ left_out: 0, stored: 50, over_day: 50 });
  });

  test('say nothing of anybody, and nobody can join two days once their salts are gone', async () => {
    const session = randomUUID();
    const { track } = buildTracking();
    await track(buildBatch([viewAt(AT_NOON), viewAt(instantOf(TODAY, 0))], session), PERSON);
    const [one, other] = await stored();
    expect(one!.session).not.toBe(other!.session);
    const [text] = await run<{ text: string }>(
      `SELECT string_agg(t::text, ' ') || (SELECT string_agg(s::text, ' ') FROM tracking_salts s) AS text FROM tracking_events t`,
    );
    expect(text!.text).not.toContain(session);
    const salts = () => run<{ day: string }>('SELECT day::text FROM tracking_salts ORDER BY day');
    await shop.run((transaction) => keepTracking(transaction, addDays(TODAY, 2)));
    expect(await salts()).toEqual([]);
  });
});

describe('the days of events', () => {
  test('have their partitions a week ahead', async () => {
    await shop.run((transaction) => keepTracking(transaction, TODAY));
    const again = await shop.run((transaction) => keepTracking(transaction, TODAY));
    expect(again).toEqual({ made: 0 });
    const names = await partitions();
    for (let ahead = -1; ahead <= 7; ahead += 1) expect(names).toContain(partitionOf(addDays(TODAY, ahead)));
  });

  test('go as a whole once they are old, and their figures stay', async () => {
    const old = addDays(TODAY, -100);
    await run(
      `CREATE TABLE tracking.${partitionOf(old)} PARTITION OF tracking_events FOR VALUES FROM ('${old}') TO ('${addDays(old, 1)}')`,
    );
    await buildTracked(old, 600, 'a visitor');
    await count('tracking', old);
    const before = await figures();
    expect(before).not.toEqual([]);
    await shop.run((transaction) => daysToCount(transaction, 'tracking', { now: new Date(), keptDays: 200 }));

    const dropped = await shop.run((transaction) => dropPartitions(transaction, addDays(TODAY, -90)));

    expect(dropped.dropped).toBeGreaterThan(0);
    expect(await partitions()).not.toContain(partitionOf(old));
    // Whoever keeps events for longer now has no more of the old ones.
    const days = await shop.run((transaction) =>
      daysToCount(transaction, 'tracking', { now: new Date(), keptDays: 200 }),
    );
    expect(days.from).toBe(addDays(TODAY, -90));
    expect(await figures()).toEqual(before);
  });

  test('go a day a transaction, the oldest first', async () => {
    const old = [-103, -102, -101].map((ahead) => addDays(TODAY, ahead));
    for (const day of old)
      await run(
        `CREATE TABLE tracking.${partitionOf(day)} PARTITION OF tracking_events FOR VALUES FROM ('${day}') TO ('${addDays(day, 1)}')`,
      );
    const left = [];
    let next: string | null = '';
    while (next !== null) {
      ({ next } = await shop.run((transaction) => removeTracking(transaction, 90)));
      const names = await partitions();
      left.push(old.filter((day) => names.includes(partitionOf(day))).length);
    }
    expect(left).toEqual([2, 1, 0, 0]);
  });

  test('are made and dropped near today only, whoever asks', async () => {
    for (const sql of [
      `SELECT make_tracking_partition('${addDays(TODAY, 31)}')`,
      `SELECT make_tracking_partition('${addDays(TODAY, -3)}')`,
      `SELECT drop_tracking_partitions('${addDays(TODAY, -1)}')`,
    ])
      await expect(run(sql)).rejects.toThrow(/too far|still come/);
  });
});
