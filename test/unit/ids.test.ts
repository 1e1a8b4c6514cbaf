import { expect, test } from 'vitest';

import { isUuid, newId } from '../../entities/values/uuid';

test('ids of one process rise in the order in which they were made, also within a millisecond', () => {
  const before = Date.now();
  const ids = Array.from({ length: 20_000 }, newId);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => isUuid(id) && /^.{14}7.{4}[89ab]/.test(id))).toBe(true);
  const milliseconds = (id: string) => parseInt(id.replace('-', '').slice(0, 12), 16);
  expect(milliseconds(ids[0]!)).toBeGreaterThanOrEqual(before);
  expect(milliseconds(ids.at(-1)!)).toBeLessThanOrEqual(Date.now() + 20);
});
