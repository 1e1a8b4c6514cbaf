import { expect, test } from 'vitest';

import { nextOnSchedule } from '../../../workflows/shared/ask-schedule';

test.each([
  ['never used: its first instant', undefined, 105],
  ['used once', 105, 110],
  ['used late: what was missed counts once', 112, 120],
  ['used to its end', 120, undefined],
])('a schedule that was %s', (_, usedAt, next) => {
  expect(nextOnSchedule(100, [5, 10, 20], usedAt)).toBe(next);
});
