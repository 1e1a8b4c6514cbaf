import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { dayOf, trackedEvent } from '../../../entities/analytics/tracked-event';
import { TrackingBatchInput } from '../../../entities/analytics/tracking.input';
import { createWriteBuffer } from '../../../entities/analytics/write-buffer';
import { addDays, businessDay } from '../../../entities/calendar/business-day';
import { AppError } from '../../../entities/errors';
import { readInput } from '../../../entities/input/read-input';
import { barrier } from '../../support/barrier';
import { buildBatch, trackedIdAt, viewAt } from '../../support/factories/tracked';
import { refusalOf } from '../../support/refusal';

const NOON = new Date('2026-11-27T12:00:00+03:30');
const DAY = '2026-11-27';
const SALT = Buffer.alloc(32, 7);

const YEAR_MS = 365 * 86_400_000;
const at = (ms: number) => new Date(NOON.getTime() + ms);

describe('the day of an event', () => {
  test('is that of the browser, so that a repeat after midnight meets the same key', () => {
    const event = { id: trackedIdAt(new Date('2026-11-27T23:59:59+03:30')) };
    for (const now of ['2026-11-27T23:59:59+03:30', '2026-11-28T00:00:01+03:30', '2026-11-28T23:00:00+03:30'])
      expect(dayOf(event, new Date(now))).toBe(DAY);
  });

  test.each([
    ['a year behind', -YEAR_MS, addDays(DAY, -1), '2026-11-26T00:00:00.000+03:30'],
    ['a year ahead', YEAR_MS, addDays(DAY, 1), '2026-11-28T23:59:59.999+03:30'],
  ])('is the nearest open one for a clock that is %s', (_what, ms, day, moved) => {
    const [event] = buildBatch([viewAt(at(ms))]).events;
    expect(dayOf(event!, NOON)).toBe(day);
    const tracked = trackedEvent(event!, 'a session', { day, salt: SALT, oneIn: 1 })!;
    expect(tracked.at).toEqual(new Date(moved));
    expect(businessDay(tracked.at)).toBe(day);
  });
});

describe('a session', () => {
  const rowsOf = (session: string, more: { day?: string; salt?: Buffer; oneIn?: number } = {}) =>
    buildBatch([viewAt(NOON), viewAt(at(1))]).events.flatMap(
      (event) => trackedEvent(event, session, { day: DAY, salt: SALT, oneIn: 1, ...more }) ?? [],
    );

  test('has another hash with another salt, and none says what it was', () => {
    const session = randomUUID();
    const [one, two] = rowsOf(session);
    const [other] = rowsOf(session, { salt: Buffer.alloc(32, 8) });
    expect(one!.session).toBe(two!.session);
    expect(other!.session).not.toBe(one!.session);
    expect(one!.session).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify([one, two, other])).not.toContain(session);
  });

  test('is kept as a whole or left out as a whole, and stands for the others', () => {
    const kept = Array.from({ length: 2_000 }, () => rowsOf(randomUUID(), { oneIn: 4 }));
    expect(new Set(kept.map(({ length }) => length))).toEqual(new Set([0, 2]));
    const weight = kept.reduce((sum, [first]) => sum + (first?.weight ?? 0), 0);
    // Six standard deviations.
    expect(Math.abs(weight - 2_000)).toBeLessThan(6 * Math.sqrt(2_000 * 3));
  });
});

const problemsOf = async (events: unknown, session: unknown = randomUUID()) => {
  const { details } = await refusalOf(
    (async () => readInput(TrackingBatchInput, { session, events }, 'body'))(),
  );
  return details.errors!.map(({ field, rule }) => `${field} ${rule}`);
};

describe('a batch', () => {
  test('has 50 events at most, and one at least', async () => {
    const views = (count: number) => Array.from({ length: count }, (_, ms) => viewAt(at(ms)));
    expect(buildBatch(views(50)).events).toHaveLength(50);
    expect(await problemsOf(views(51))).toEqual(['events arrayMaxSize']);
    expect(await problemsOf([])).toEqual(['events arrayMinSize']);
    expect(await problemsOf('none')).not.toEqual([]);
  });

  const id = trackedIdAt(NOON);
  test.each([
    ['an unknown name', { id, name: 'logged_in' }, 'events.0.name isIn'],
    ['a name that every object has', { id, name: 'constructor' }, 'events.0.name isIn'],
    ['no name', { id }, 'events.0.name isIn'],
    ['an id of another kind', { ...viewAt(NOON), id: randomUUID() }, 'events.0.id isUuid'],
    ['a field of another event', { ...viewAt(NOON), productId: id }, 'events.0.productId unknown'],
    ['what somebody typed', { id, name: 'search', results: 3, text: 'shoes' }, 'events.0.text unknown'],
    ['an address for a page', { ...viewAt(NOON), page: '/orders?token=1' }, 'events.0.page isIn'],
    ['an account', { id, name: 'checkout_begun', units: 1, accountId: id }, 'events.0.accountId unknown'],
    ['a number without bounds', { id, name: 'search', results: 1e12 }, 'events.0.results max'],
    ['a list for an event', [viewAt(NOON)], 'events.0'],
    ['nothing for an event', null, 'events items'],
    ['text for an event', 'page_view', 'events.0'],
  ])('with %s is refused and named', async (_what, event, problem) => {
    expect((await problemsOf([event])).join()).toContain(problem);
  });

  test('keeps what the class of each name lets in', () => {
    const given = [
      { ...viewAt(NOON), source: 'search', device: 'phone' },
      { id, name: 'product_view', productId: randomUUID() },
      { id, name: 'search', results: 0 },
      { id, name: 'add_to_cart', variantId: randomUUID(), quantity: 2 },
      { id, name: 'checkout_begun', units: 3 },
    ];
    expect(buildBatch(given).events.map((event) => ({ ...event }))).toEqual(given);
  });
});

describe('what waits to be written', () => {
  /** A write that waits until it may go on. */
  function buildSlow(bounds = { mostWaiting: 10, mostAtOnce: 4 }) {
    const writes: number[][] = [];
    const gates = [barrier(2)];
    const buffer = createWriteBuffer<number>(async (items) => {
      writes.push([...items]);
      const gate = gates.at(-1)!;
      await gate();
      if (items.includes(13)) throw new Error('unlucky');
    }, bounds);
    return {
      writes,
      buffer,
      async goOn() {
        const gate = gates.at(-1)!;
        gates.push(barrier(2));
        await gate();
      },
    };
  }

  test('shares a write with what comes meanwhile, and one is under way at a time', async () => {
    const { buffer, writes, goOn } = buildSlow();
    const done = [[1], [2, 3], [4, 5], [6]].map((items) => buffer.add(items));
    expect(writes).toEqual([[1]]);
    await goOn();
    await expect.poll(() => writes.length).toBe(2);
    await goOn();
    await expect.poll(() => writes.length).toBe(3);
    await goOn();
    await Promise.all(done);
    expect(writes).toEqual([[1], [2, 3, 4, 5], [6]]);
    expect(buffer.waiting).toBe(0);
  });

  test('is bounded: what does not fit is refused at once, and there is room again afterwards', async () => {
    const { buffer, goOn } = buildSlow({ mostWaiting: 3, mostAtOnce: 3 });
    const first = buffer.add([1, 2]);
    const { code, details } = await refusalOf(buffer.add([3, 4]));
    expect([code, details]).toEqual(['tracking.full', { retryAfterSeconds: 5 }]);
    expect(new AppError('tracking.full').status).toBe(503);
    await goOn();
    await first;
    const second = buffer.add([3, 4]);
    await goOn();
    await second;
  });

  test('fails for those whose write failed, and for nobody else', async () => {
    const { buffer, goOn } = buildSlow();
    const unlucky = buffer.add([13]).then(
      () => 'written',
      (error: Error) => error.message,
    );
    const lucky = buffer.add([14]);
    await goOn();
    expect(await unlucky).toBe('unlucky');
    await goOn();
    await lucky;
  });
});
