import { expect, test } from 'vitest';

import { Buyer } from '../support/buyer';
import { ledgerOf } from '../support/order-rows';
import type { Slowness } from '../support/slow-steps';
import { expectPlacedOnce, expectSettledOnce, HANGS, slowShop } from './slow-shop';

const slow = slowShop();
const { journey, steps } = slow;

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
  async (step) => {
    const { shop } = journey;
    const buyer = new Buyer(shop);
    steps.plan(step, { loses: 'answer' }, { loses: 'answer' });
    const placed = await buyer.order(await journey.takeItem());
    const forged = await shop.zarinpal.callback(placed.authority, { status: 'OK' });
    await buyer.comeBack(forged.callbackUrl);
    const paid = await shop.zarinpal.pay(placed.authority);

    expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
    expect(await ledgerOf(shop, placed.order.id)).toHaveLength(1);
  },
);
