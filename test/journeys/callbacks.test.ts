import { expect, test } from 'vitest';

import { Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { journeyShop } from '../support/journey';
import { attemptsOf, ledgerOf, callbacksOf } from '../support/order-rows';
import { rows } from '../support/sql';
import { workflowOf, sweep } from '../support/workflow';

const journey = journeyShop({ checkout: { wakeCallbacksAfterMs: 0 } });

/** When the gateway was asked to verify, by its own clock, in milliseconds. */
async function verifiesOf(authority: string): Promise<number[]> {
  const entries = await journey.shop.zarinpal.journal({ authority, endpoint: 'verify', kind: 'request' });
  return entries.map(({ at }) => Date.parse(at));
}

test('ten callbacks of one payment in parallel settle it once, and each buyer reads that it is paid', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);

  const answers = await Promise.all(Array.from({ length: 10 }, () => buyer.comeBack(callbackUrl)));

  expect(answers.map(({ status, body }) => [status, body.status])).toEqual(
    Array.from({ length: 10 }, () => [200, 'paid']),
  );
  expect(await ledgerOf(shop, placed.order.id)).toHaveLength(1);
  expect(await buyer.timeline(placed)).toEqual(['order.created', 'order.payment_opened', 'order.paid']);
  expect(await callbacksOf(shop, placed.order.id)).toEqual({ stored: 10, unseen: 0 });
});

test('a buyer who comes back again after paying reads the same, and the gateway is not asked again', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);
  await buyer.comeBack(callbackUrl);
  const before = await verifiesOf(placed.authority);

  const again = await buyer.comeBack(callbackUrl);
  const forged = await buyer.comeBack(callbackUrl!.replace('Status=OK', 'Status=NOK'));

  expect([again.body.status, forged.body.status]).toEqual(['paid', 'paid']);
  expect(await verifiesOf(placed.authority)).toEqual(before);
});

test('a forged OK pays nothing, and the buyer can still pay', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());

  const { callbackUrl } = await shop.zarinpal.callback(placed.authority, { status: 'OK' });
  const forged = await buyer.comeBack(callbackUrl);

  expect([forged.status, forged.body.status]).toEqual([200, 'unpaid']);
  const { body } = await buyer.read(placed);
  expect(body.order.status).toBe('awaiting_payment');
  expect(body.payment.redirect).toBe(placed.payment.redirect);
  const paid = await shop.zarinpal.pay(placed.authority);
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
});

test('a forged NOK on a paid payment ends paid', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await shop.zarinpal.payAndCloseTab(placed.authority);

  const { callbackUrl } = await shop.zarinpal.callback(placed.authority, { status: 'NOK' });
  const forged = await buyer.comeBack(callbackUrl);

  expect(forged.body.status).toBe('paid');
  expect((await buyer.read(placed)).body.order.status).toBe('placed');
});

test('a buyer who gives up keeps the order and pays on another page', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const gaveUp = await shop.zarinpal.refuse(placed.authority);

  expect((await buyer.comeBack(gaveUp.callbackUrl)).body.status).toBe('unpaid');
  const { status, body } = await buyer.payAgain(placed);
  expect(status).toBe(201);
  const paid = await shop.zarinpal.pay(body.payment.redirect!.split('/').at(-1)!);

  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
});

test('a forged OK followed by the real one is paid as soon as the spacing of verifications allows', async () => {
  const spacing = 1_500;
  const shop = await journey.shop.withTerms({ checkout: { verifySpacingMs: spacing } });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const forged = await shop.zarinpal.callback(placed.authority, { status: 'OK' });
  expect((await buyer.comeBack(forged.callbackUrl)).body.status).toBe('unpaid');
  const paid = await shop.zarinpal.pay(placed.authority);

  const callback = await buyer.comeBack(paid.callbackUrl);

  expect(callback.body.status).toBe('paid');
  const [first, second, ...more] = await verifiesOf(placed.authority);
  expect(more).toEqual([]);
  // The gateway hears of a poll some time after it began, so the distance there may be a little shorter.
  expect(second! - first!).toBeGreaterThan(spacing / 2);
  // Without the spacing's timer the next poll would come after four minutes.
  expect(second! - first!).toBeLessThan(120_000);
});

test('a flood of forged callbacks asks the gateway no more often than the spacing allows', async () => {
  const spacing = 1_500;
  const shop = await journey.shop.withTerms({ checkout: { verifySpacingMs: spacing } });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.callback(placed.authority, { status: 'OK' });

  const since = Date.now();
  const flood = await Promise.all(Array.from({ length: 9 }, () => buyer.comeBack(callbackUrl)));

  expect(flood.every(({ status }) => status === 200)).toBe(true);
  const asked = await verifiesOf(placed.authority);
  expect(asked.length).toBeLessThanOrEqual(2 + Math.floor((Date.now() - since) / spacing));
  expect((await buyer.read(placed)).body.order.status).toBe('awaiting_payment');
});

test('an authority that is not ours is not found, and nothing is stored', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const before = await rows(shop.database.manager, 'SELECT id FROM payment_callbacks');
  const address = `${shop.url}/api/v1/payments/zarinpal/callback`;

  const unknown = await buyer.comeBack(`${address}?Authority=A${'0'.repeat(26)}1234567&Status=OK`);
  const malformed = await buyer.comeBack(`${address}?Authority=${'x'.repeat(500)}&Status=OK`);
  const none = await buyer.comeBack(address);

  expect([unknown, malformed, none].map(({ status, body }) => [status, body.code])).toEqual(
    Array.from({ length: 3 }, () => [404, 'payment.not_found']),
  );
  expect(await rows(shop.database.manager, 'SELECT id FROM payment_callbacks')).toHaveLength(before.length);
  expect(await shop.metrics.registry.getSingleMetricAsString('asoud_payment_callbacks_total')).toMatch(
    /gateway="zarinpal",known="false"\} 3/,
  );
});

test('an authority of one gateway means nothing to another', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);

  const other = await buyer.comeBack(callbackUrl!.replace('/zarinpal/', '/stripe/'));

  expect([other.status, other.body.code]).toEqual([404, 'payment.not_found']);
  expect((await attemptsOf(shop, placed.order.id))[0]).toMatchObject({ status: 'open', captureRound: 0 });
});

test.each(['lower', 'upper'] as const)(
  'a callback with its parameters in %s case is understood',
  async (parameterCase) => {
    const { shop } = journey;
    const buyer = new Buyer(shop);
    const placed = await buyer.order(await journey.takeItem());
    const { callbackUrl } = await shop.zarinpal.pay(placed.authority, { parameterCase });

    expect((await buyer.comeBack(callbackUrl)).body.status).toBe('paid');
  },
);

test('a callback that comes as a form is understood', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const address = new URL((await shop.zarinpal.pay(placed.authority)).callbackUrl!);
  const form = new URLSearchParams(address.searchParams);
  address.search = '';

  const response = await fetch(address, {
    method: 'POST',
    body: form,
    headers: { Accept: 'application/json' },
  });

  expect(await response.json()).toMatchObject({ status: 'paid' });
});

test.each([
  ['answers failures with 200', { errorProfile: 'legacy200' }],
  ['writes its codes as texts', { stringCodes: true }],
  ['leaves an object where a list belongs', { emptyData: 'object' }],
  ['looks like the sample of its documentation', { verifyAnswer: 'sample' }],
])('a gateway that %s is understood alike', async (_how, dialect) => {
  const { shop } = journey;
  await shop.zarinpal.switches.change(dialect);
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const forged = await shop.zarinpal.callback(placed.authority, { status: 'OK' });

  expect((await buyer.comeBack(forged.callbackUrl)).body.status).toBe('unpaid');
  const paid = await shop.zarinpal.pay(placed.authority);
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
});

test('a genuine callback is answered at once after 260 forged ones, and the workflow hears of few', async () => {
  const shop = await journey.shop.withTerms({
    checkout: { verifySpacingMs: 1_000, callbacksPerAttempt: 20 },
  });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.callback(placed.authority, { status: 'OK' });

  const since = Date.now();
  let left = 260;
  const forge = async (): Promise<void> => {
    while (left-- > 0) expect((await buyer.comeBack(callbackUrl)).status).toBe(200);
  };
  await Promise.all(Array.from({ length: 52 }, forge));
  const polls = 2 + Math.ceil((Date.now() - since) / 1_000);
  const paid = await shop.zarinpal.pay(placed.authority);
  const genuine = await buyer.comeBack(paid.callbackUrl);

  expect(genuine.body.status).toBe('paid');
  expect((await callbacksOf(shop, placed.order.id)).stored).toBeLessThanOrEqual(40);
  expect((await verifiesOf(placed.authority)).length).toBeLessThanOrEqual(polls + 1);
  // The callbacks of one poll share a message. Those that came in the same instant, before any had a row, do not.
  expect((await workflowOf(shop, placed.order.id).updates()).length).toBeLessThan(80);
});

test('callbacks beyond what is kept replace the oldest, and the payment is still found', async () => {
  const shop = await journey.shop.withTerms({ checkout: { callbacksPerAttempt: 4, pollEveryMs: 1_500 } });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.callback(placed.authority, { status: 'NOK' });
  for (let times = 0; times < 6; times++) expect((await buyer.comeBack(callbackUrl)).status).toBe(200);

  expect((await callbacksOf(shop, placed.order.id)).stored).toBe(4);
  await eventually(
    () => sweep(shop).then(() => callbacksOf(shop, placed.order.id)),
    ({ unseen }) => unseen === 0,
  );
  const paid = await shop.zarinpal.pay(placed.authority);
  // A buyer who has paid must not read that nothing was paid.
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).not.toBe('unpaid');
  await buyer.waitFor(placed, 'placed');
});

test('a callback that a workflow was never told of is found by the sweep', async () => {
  const { shop } = journey;
  const deaf = await shop.withTerms({
    temporal: { temporalAddress: '127.0.0.1:9', temporalDeadlineMs: 300 },
  });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const paid = await shop.zarinpal.pay(placed.authority);

  const callback = await buyer.at(deaf).comeBack(paid.callbackUrl);

  expect([callback.status, callback.body.status]).toEqual([200, 'pending']);
  const token = callback.body.resultToken;
  const result = () => buyer.at(deaf).call<{ status: string }>('GET', `/payments/results/${token}`, {});
  expect((await result()).body.status).toBe('pending');
  await sweep(shop);
  await eventually(result, ({ body }) => body.status === 'paid');
});

test('a callback that was stored in the very instant of the settling counts as seen and wakes nobody for ever', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
  // This is what a callback leaves that read the attempt before it was settled and stored its row afterwards.
  await rows(
    shop.database.manager,
    `UPDATE payment_callbacks SET processed_at = NULL
     WHERE attempt_id IN (SELECT id FROM payment_attempts WHERE order_id = $1)`,
    [placed.order.id],
  );
  const workflow = workflowOf(shop, placed.order.id);
  await workflow.untilEnded();
  const { runId } = await workflow.handle.describe();

  await sweep(shop);

  expect(await callbacksOf(shop, placed.order.id)).toEqual({ stored: 1, unseen: 0 });
  expect((await workflow.handle.describe()).runId).toBe(runId);
});
