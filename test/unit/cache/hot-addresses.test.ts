import { expect, test } from 'vitest';

import { createHotAddresses } from '../../../api/answers/hot-addresses';

const addressOf = (name: string, kind = 'product') => ({
  ...{ name, kind, language: 'fa' as const },
  address: `/api/v1/${name}`,
});

function countOf(hot: ReturnType<typeof createHotAddresses>, times: number, name: string, kind?: string) {
  for (let time = 0; time < times; time += 1) hot.count(addressOf(name, kind));
}

test('the most asked for are taken, and counting begins again', () => {
  const hot = createHotAddresses();
  for (let n = 0; n < 500; n += 1) countOf(hot, n === 7 ? 9 : 1 + (n % 3), `product ${n}`);

  const taken = hot.take();

  expect(taken).toHaveLength(200);
  expect(taken[0]).toEqual({ ...addressOf('product 7'), asked: 9 });
  expect(Math.min(...taken.map(({ asked }) => asked))).toBe(2);
  expect(hot.take()).toEqual([]);
});

test('10,000 invented searches, each repeated, take no room of what people look for', () => {
  const hot = createHotAddresses();
  for (let n = 0; n < 10_000; n += 1) {
    countOf(hot, 2, `search ${n}`, 'search');
    if (n % 100 === 0) countOf(hot, 1, 'product 1');
  }
  countOf(hot, 3, 'search shoes', 'search');

  expect(hot.take().map(({ name, asked }) => [name, asked])).toEqual([
    ['product 1', 100],
    ['search shoes', 3],
  ]);
});

test('searches that many repeat are a quarter at most, and long names none', () => {
  const hot = createHotAddresses();
  for (let n = 0; n < 300; n += 1) {
    countOf(hot, 5, `search ${n}`, 'search');
    countOf(hot, 1, `product ${n}`);
  }
  countOf(hot, 50, `search ${'x'.repeat(1_000)}`, 'search');

  const taken = hot.take();

  expect(taken).toHaveLength(200);
  expect(taken.filter(({ kind }) => kind === 'search')).toHaveLength(50);
  expect(taken.every(({ name }) => name.length < 100)).toBe(true);
});
