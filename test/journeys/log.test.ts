import { expect, test } from 'vitest';

import { Buyer } from '../support/buyer';
import { buildCaller } from '../support/factories/callers';
import { journeyShop } from '../support/journey';
import { MERCHANT } from '../support/terminal';
import { collectLines } from '../unit/platform/log-lines';

const log = collectLines();
const journey = journeyShop({ log: log.destination, edge: { trustedProxies: 1 } });

test('the log of a purchase with every mishap tells what happened and no secret', async () => {
  const { shop } = journey;
  const cut = await shop.withTerms({ temporal: { temporalAddress: '127.0.0.1:9', temporalDeadlineMs: 300 } });
  const buyer = new Buyer(shop, '203.0.113.5');
  const placed = await buyer.order(await journey.takeItem());
  const forged = await shop.zarinpal.callback(placed.authority, { status: 'OK' });
  await buyer.comeBack(forged.callbackUrl);
  await buyer.at(cut).payAgain(placed, 'a-key-of-this-buyer');
  await buyer.read({ order: placed.order, orderToken: `${placed.orderToken}x` });
  const paid = await shop.zarinpal.pay(placed.authority, { cardPan: '6037991234567890' });
  const { resultToken } = (await buyer.comeBack(paid.callbackUrl)).body;
  await buyer.call('GET', `/payments/results/${resultToken}`, {});
  await buyer.call('GET', `/payments/results/${resultToken}x`, {});
  const staff = await buildCaller(shop, { roles: ['staff'] });
  await fetch(`${shop.url}/api/v1/sms/templates`, { headers: staff.headers });

  const routes = log.lines().map(({ route, status }) => `${String(route)} ${String(status)}`);
  expect(routes).toEqual(
    expect.arrayContaining([
      '/api/v1/checkout 201',
      '/api/v1/orders/:id/payments 503',
      '/api/v1/orders/:id 403',
      '/api/v1/payments/:gateway/callback 200',
      '/api/v1/payments/results/:token 404',
      '/api/v1/sms/templates 200',
    ]),
  );
  // On a busy machine the cache may say that Redis is late, which is about no request.
  const aboutRequests = log.lines().filter(({ msg }) => !String(msg).includes('Redis'));
  expect(aboutRequests.filter(({ requestId }) => typeof requestId !== 'string')).toEqual([]);
  const secrets = [
    buyer.cartToken,
    placed.orderToken,
    resultToken,
    MERCHANT,
    staff.accessToken,
    '6037991234567890',
  ];
  expect(secrets.filter((secret) => log.text().includes(secret))).toEqual([]);
});

test('the log says why a workflow gave no answer, to a request and to a callback that is kept', async () => {
  const { shop } = journey;
  const cut = await shop.withTerms({ temporal: { temporalAddress: '127.0.0.1:9', temporalDeadlineMs: 300 } });
  const buyer = new Buyer(shop, '203.0.113.6');
  const placed = await buyer.order(await journey.takeItem());
  const paid = await shop.zarinpal.pay(placed.authority);
  const before = log.lines().length;

  const asked = await buyer.at(cut).payAgain(placed);
  const callback = await buyer.at(cut).comeBack(paid.callbackUrl);

  expect([asked.status, callback.body.status]).toEqual([503, 'pending']);
  const told = log
    .lines()
    .slice(before)
    .filter(({ err }) => err);
  expect(told.map(({ msg, requestId }) => [msg, requestId])).toEqual([
    ['request failed', asked.headers.get('x-request-id')],
    [
      'no worker took a callback: it is stored, and the sweep will wake the workflow',
      callback.headers.get('x-request-id'),
    ],
  ]);
  for (const { err } of told) expect((err as Error).message).toContain('Deadline exceeded');
});
