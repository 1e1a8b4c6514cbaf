import { Redis } from 'ioredis';
import { expect, test } from 'vitest';

import { createRateLimiter } from '../../../platform/rate-limit';

const WINDOW = { limit: 3, windowSeconds: 60 };

/** A Redis that never connects. */
function buildLimiter(now: () => number = () => 0) {
  return createRateLimiter(new Redis({ lazyConnect: true }), undefined, now);
}

test('without Redis the process counts for itself, and refuses nobody too early', async () => {
  const { consume } = buildLimiter();
  const answers = [];
  for (let i = 0; i < 5; i++) answers.push(await consume('carts', '10.0.0.1', WINDOW));

  expect(answers.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false]);
  expect(answers.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0, 0]);
  expect(answers.at(-1)?.retryAfterSeconds).toBe(60);
});

test('each name and each address has its own count', async () => {
  const { consume } = buildLimiter();
  for (let i = 0; i < 4; i++) await consume('carts', '10.0.0.1', WINDOW);

  expect((await consume('carts', '10.0.0.2', WINDOW)).allowed).toBe(true);
  expect((await consume('orders', '10.0.0.1', WINDOW)).allowed).toBe(true);
  expect((await consume('carts', '10.0.0.1', WINDOW)).allowed).toBe(false);
});

test('a new window starts when the old one ends', async () => {
  let now = 0;
  const { consume } = buildLimiter(() => now);
  for (let i = 0; i < 4; i++) await consume('carts', '10.0.0.1', WINDOW);

  now = 59_999;
  expect((await consume('carts', '10.0.0.1', WINDOW)).allowed).toBe(false);
  now = 60_000;
  expect((await consume('carts', '10.0.0.1', WINDOW)).allowed).toBe(true);
});

test('concurrent requests get exactly what the limit allows', async () => {
  for (const limit of [1, 30, 99, 100, 1_200]) {
    const { consume } = buildLimiter();
    const crowd = await Promise.all(
      Array.from({ length: limit + 50 }, async () =>
        consume('catalog', '10.0.0.1', { limit, windowSeconds: 60 }),
      ),
    );

    expect(crowd.filter(({ allowed }) => allowed)).toHaveLength(limit);
  }
});

test('a request that is worth several counts as so many, and is refused as a whole', async () => {
  let now = 0;
  const { consumeMany } = buildLimiter(() => now);
  const tell = (amount: number) =>
    consumeMany('events', '10.0.0.1', { limit: 100, windowSeconds: 60 }, amount);

  expect(await tell(50)).toMatchObject({ allowed: true, remaining: 50 });
  expect(await tell(49)).toMatchObject({ allowed: true, remaining: 1 });
  expect(await tell(2)).toMatchObject({ allowed: false, remaining: 0 });
  expect(await tell(1)).toMatchObject({ allowed: false, retryAfterSeconds: 60 });
  now = 60_000;
  expect(await tell(100)).toMatchObject({ allowed: true, remaining: 0 });
});
