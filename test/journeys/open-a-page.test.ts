import { expect, test } from 'vitest';

import { authorityOf, Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { journeyShop } from '../support/journey';
import { attemptsOf, attemptStatusesOf } from '../support/order-rows';
import { SlowSteps } from '../support/slow-steps';
import { rows } from '../support/sql';
import { workflowOf } from '../support/workflow';

const NEVER = 3_600_000;
const steps = new SlowSteps();
const journey = journeyShop({ activities: steps.wrap, zarinpal: { zarinpalTimeoutMs: 1_500 } });

test('while the gateway is away the order waits and says so, and another page works when it is back', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);
  await shop.zarinpal.fault({ kind: 'html', endpoint: 'request', times: null });

  const placed = await buyer.checkout(item.price);

  expect(placed.status).toBe(201);
  expect(placed.body).toMatchObject({
    order: { status: 'awaiting_payment' },
    payment: { redirect: null, payableUntil: null, reason: 'gateway_unavailable' },
  });
  expect(await buyer.timeline(placed.body)).toEqual([
    'order.created',
    'order.payment_unavailable',
    'order.payment_unavailable',
  ]);
  const stillAway = await buyer.payAgain(placed.body, 'still-away');
  expect([stillAway.status, stillAway.body.payment.reason]).toEqual([201, 'gateway_unavailable']);
  await shop.zarinpal.clearFaults();
  const sameKey = await buyer.payAgain(placed.body, 'still-away');
  expect([sameKey.status, sameKey.body.payment.reason]).toEqual([200, 'gateway_unavailable']);
  const again = await buyer.payAgain(placed.body);
  expect([again.status, again.body.payment.reason]).toEqual([201, null]);
  const paid = await shop.zarinpal.pay(authorityOf(again.body.payment.redirect));
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
});

test('an answer that got lost is replaced by one fresh attempt and never asked for again', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const before = (await shop.zarinpal.sessions()).length;
  await shop.zarinpal.fault({ kind: 'timeout', when: 'after', endpoint: 'request' });

  const placed = await buyer.order(await journey.takeItem());

  expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['closed', 'open']);
  const sessions = await shop.zarinpal.sessions();
  expect(sessions.length - before).toBe(2);
  const unknown = sessions.find(
    ({ orderId, authority }) => orderId === placed.order.id && authority !== placed.authority,
  );
  // The lost page can be paid, but nobody will ever take that money.
  const paid = await shop.zarinpal.pay(unknown!.authority);
  expect((await buyer.comeBack(paid.callbackUrl)).status).toBe(404);
  expect((await buyer.read(placed)).body.order.status).toBe('awaiting_payment');
});

test('a gateway that takes longer than a request may is waited for by the same key', async () => {
  const shop = await journey.shop.withTerms({ temporal: { temporalDeadlineMs: 400 } });
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);
  await shop.zarinpal.fault({ kind: 'reset', when: 'after', endpoint: 'request' });
  // Between the lost attempt and the fresh one nothing is open, although a page is on its way.
  steps.plan('openAttempt', { beforeMs: 800 });

  const first = await buyer.checkout(item.price, { key: 'patience' });
  const last = await eventually(
    () => buyer.checkout(item.price, { key: 'patience' }),
    ({ status }) => status !== 503,
  );

  expect([first.status, first.body.code]).toEqual([503, 'service.unavailable']);
  expect([last.status, last.body.payment.reason]).toEqual([200, null]);
  expect(await attemptStatusesOf(shop, last.body.order.id)).toEqual(['closed', 'open']);
});

test('a gateway that wants to be left alone is not asked a second time', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);
  await shop.zarinpal.fault({ kind: 'code', code: -12, endpoint: 'request', times: null });

  const { status, body } = await buyer.checkout(item.price);

  expect([status, body.payment.reason]).toEqual([201, 'gateway_unavailable']);
  const attempts = await attemptsOf(shop, body.order.id);
  expect(attempts.map((attempt) => [attempt.status, attempt.failureCode])).toEqual([['closed', '-12']]);
  expect(await workflowOf(shop, body.order.id).read()).toMatchObject({ needsAttention: false });
});

test('an account that is not in order needs a person, whose `retry` opens a page', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);
  await shop.zarinpal.fault({ kind: 'code', code: -15, endpoint: 'request', times: null });
  const { status, body } = await buyer.checkout(item.price);
  expect([status, body.payment.reason]).toEqual([201, 'gateway_unavailable']);

  const workflow = workflowOf(shop, body.order.id);
  await workflow.untilAttention(true);
  expect(await workflow.details()).toMatch(
    /opens no payment page: Terminal user is suspend.*`-15`.*`retry`/s,
  );
  await shop.zarinpal.clearFaults();
  await workflow.retry();

  await workflow.untilAttention(false);
  const { body: now } = await buyer.read(body);
  expect(now.payment).toMatchObject({ reason: null, gateway: 'zarinpal' });
  const paid = await shop.zarinpal.pay(authorityOf(now.payment.redirect));
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
});

test('an order that expires because no page could be opened needs nobody any more', async () => {
  const shop = await journey.shop.withTerms({
    checkout: { authorityLifetimeMs: 600, deadlineMarginMs: 0, watchLateMoneyMs: 0 },
  });
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);
  await shop.zarinpal.fault({ kind: 'code', code: -15, endpoint: 'request', times: null });
  const { body } = await buyer.checkout(item.price);

  await buyer.waitFor(body, 'expired');

  expect(await workflowOf(shop, body.order.id).untilEnded()).toEqual({
    status: 'COMPLETED',
    orderStatus: 'Expired',
    needsAttention: false,
  });
});

test('an order has three payment pages and no more; those that never opened do not count', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  await shop.zarinpal.fault({ kind: 'html', endpoint: 'request' });
  const placed = await buyer.order(await journey.takeItem());
  const keys = ['second', 'third', 'fourth'];

  const answers = [];
  for (const key of keys) answers.push(await buyer.payAgain(placed, key));

  expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
    [201, undefined],
    [201, undefined],
    [409, 'payment.attempt_limit'],
  ]);
  expect(answers[2]!.body['limit']).toBe(3);
  const repeated = await buyer.payAgain(placed, 'second');
  expect([repeated.status, repeated.body.order.id]).toEqual([200, placed.order.id]);
  expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['closed', 'open', 'open', 'open']);
});

test('a page too many is refused from the rows, also while no workflow can be asked', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  for (const key of ['second', 'third']) expect((await buyer.payAgain(placed, key)).status).toBe(201);

  await shop.stopWorkers();
  const refused = await buyer.payAgain(placed, 'fourth').finally(() => shop.startWorkers());

  expect([refused.status, refused.body.code, refused.body['limit']]).toEqual([
    409,
    'payment.attempt_limit',
    3,
  ]);
});

test('the same key opens one page, also when it is asked with twice at once; another gateway is another request', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());

  const [one, two] = await Promise.all([buyer.payAgain(placed, 'once'), buyer.payAgain(placed, 'once')]);

  expect(one.body.payment.attemptId).toBe(two.body.payment.attemptId);
  expect([one.status, two.status].every((status) => status === 201 || status === 200)).toBe(true);
  expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['open', 'open']);
  const otherGateway = await buyer.payAgain(placed, 'other', { gateway: 'stripe' });
  expect([otherGateway.status, otherGateway.body.code]).toEqual([422, 'payment.gateway_unknown']);
});

test('a page moves the deadline, and none may reach beyond the longest time', async () => {
  const shop = await journey.shop.withTerms({
    checkout: { authorityLifetimeMs: 60_000, deadlineMarginMs: 5_000, longestOpenMs: 120_000 },
  });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const second = await buyer.payAgain(placed);
  expect(second.status).toBe(201);
  expect(Date.parse(second.body.order.paymentDeadline)).toBeGreaterThan(
    Date.parse(placed.order.paymentDeadline),
  );
  expect(Date.parse(second.body.order.paymentDeadline)).toBe(
    Date.parse(second.body.payment.payableUntil!) + 5_000,
  );

  await rows(
    shop.database.manager,
    `UPDATE orders SET created_at = created_at - interval '61 seconds' WHERE id = $1`,
    [placed.order.id],
  );
  const third = await buyer.payAgain(placed, 'too-late');

  expect([third.status, third.body.code]).toEqual([409, 'payment.too_late']);
});

test('the page of the first attempt can still be paid after another one was opened', async () => {
  const shop = await journey.shop.withTerms({ checkout: { pollEveryMs: NEVER } });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await buyer.payAgain(placed);
  const paid = await shop.zarinpal.pay(placed.authority);

  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');

  expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['settled', 'refused']);
  expect((await buyer.events(placed)).at(-1)?.payload).toMatchObject({ reason: 'order_paid_otherwise' });
});
