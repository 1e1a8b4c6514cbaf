import { expect, test } from 'vitest';

import { inParts } from '../../../entities/notifications/note-events';
import { newId } from '../../../entities/values/uuid';
import { createHalving } from '../../../workers/notifier/in-halves';

test('what is told is cut into parts by recipient, and each recipient is in one', () => {
  const people = Array.from({ length: 200 }, () => newId());
  const wanted = Array.from({ length: 5 }, (_, event) =>
    people.map((accountId) => ({ owner: { accountId }, event })),
  ).flat();
  const parts = inParts(wanted);
  expect(parts.map(({ length }) => length)).toEqual([500, 500]);
  const boxes = parts.map((part) => new Set(part.map(({ owner }) => owner.accountId)));
  expect(boxes.map(({ size }) => size)).toEqual([100, 100]);
  expect(new Set(boxes.flatMap((box) => [...box])).size).toBe(200);
  const mine = parts[0]!.filter(({ owner }) => owner.accountId === people[0]);
  expect(mine.map(({ event }) => event)).toEqual([0, 1, 2, 3, 4]);
  expect(inParts([])).toEqual([]);
  expect(inParts(Array.from({ length: 600 }, () => ({ owner: { accountId: people[0]! } })))).toHaveLength(1);
});

/** Work that refuses some numbers, and how often it was tried. */
function refusing(refused: readonly number[], code?: string) {
  const skipped: number[] = [];
  const done: number[] = [];
  const error = Object.assign(new Error('refused'), code === undefined ? {} : { code });
  const inHalves = createHalving<number>({
    nameOf: String,
    endsAll: () => false,
    onSkipped: (item) => skipped.push(item),
  });
  const run = () =>
    inHalves([1, 2, 3, 4, 5], async (some) => {
      if (some.some((item) => refused.includes(item))) throw error;
      done.push(...some);
    });
  return { skipped, done, run };
}

test('what cannot be told is found by halves, and only that is left out', async () => {
  for (const code of ['22023', '23505', undefined]) {
    const { skipped, done, run } = refusing([2, 5], code);
    await run();
    expect([skipped, done]).toEqual([
      [2, 5],
      [1, 3, 4],
    ]);
  }
});

test.each(['08006', '40P01', '42P01', '42703', '53300'])(
  'nothing is left out while Postgres says %s: it is away, or a deploy is unfinished',
  async (code) => {
    const { skipped, run } = refusing([2], code);
    await expect(run()).rejects.toThrow('refused');
    expect(skipped).toEqual([]);
  },
);

test('what is too slow is halved, and left out alone after five tries', async () => {
  const { skipped, run } = refusing([2], '57014');
  for (let times = 0; times < 4; times += 1) await expect(run()).rejects.toThrow('refused');
  expect(skipped).toEqual([]);
  await run();
  expect(skipped).toEqual([2]);
});

test('what a check of the schema refuses is tried for ten minutes once all others are done, and is then a mistake', async () => {
  let minutes = 0;
  const skipped: number[] = [];
  const done: number[] = [];
  const inHalves = createHalving<number>({
    ...{ nameOf: String, endsAll: () => false, onSkipped: (item: number) => skipped.push(item) },
    now: () => minutes * 60_000,
  });
  const tell = (constraint: string) =>
    inHalves([1, 2, 3, 4, 5], async (some) => {
      if (some.includes(2)) throw Object.assign(new Error('refused'), { code: '23514', constraint });
      done.push(...some);
    });
  for (; minutes < 10; minutes += 1) {
    await expect(tell('ck_notifications_category')).rejects.toThrow('refused');
    expect(done.splice(0)).toEqual([1, 3, 4, 5]);
  }
  expect(skipped).toEqual([]);
  await tell('ck_notifications_category');
  expect(skipped).toEqual([2]);
  // The next one of the same check does not hold everybody up for another ten minutes.
  await tell('ck_notifications_category');
  expect(skipped).toEqual([2, 2]);
  // A check of another table is no matter of notifications.
  await tell('ck_orders_total');
  expect(skipped).toEqual([2, 2, 2]);
});
