import { test } from 'vitest';

import type { Slowness } from '../support/slow-steps';
import { expectPaidDespite, expectPlacedOnce, expectSettledOnce, HANGS, slowShop } from './slow-shop';

const slow = slowShop();

const WAYS: [string, Slowness[]][] = [
  ['lost its connection', [{ loses: 'question' }]],
  ['lost its connection twice', [{ loses: 'question' }, { loses: 'question' }]],
  ['committed and lost its answer twice', [{ loses: 'answer' }, { loses: 'answer' }]],
  ['hung, was run again, and committed late', [{ beforeMs: HANGS }]],
];

test.each(WAYS)('an order is placed once when its placing %s', (_how, slowness) =>
  expectPlacedOnce(slow, slowness),
);

test.each(WAYS)('an order is settled once when its settling %s', (_how, slowness) =>
  expectSettledOnce(slow, slowness),
);

test.each(['recordAuthority', 'reopenAttempt'])(
  'a buyer pays although %s lost its answer after the commit, twice',
  (step) => expectPaidDespite(slow, step),
);
