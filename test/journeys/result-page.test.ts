import { expect, test } from 'vitest';

import type { PaymentResultView } from '../../api/payments/payment-result';
import { beforeDeadline } from '../support/before-deadline';
import { Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { journeyShop } from '../support/journey';
import type { Shop } from '../support/shop';

const journey = journeyShop();

/** What a browser gets that asks for a page and follows no redirect. */
function browse(shop: Shop, address: string, accept = 'text/html,application/xhtml+xml'): Promise<Response> {
  const { pathname, search } = new URL(address, shop.url);
  return fetch(new URL(pathname + search, shop.url), { headers: { Accept: accept }, redirect: 'manual' });
}

async function paidAddress(shop: Shop): Promise<string> {
  const placed = await new Buyer(shop).order(await journey.takeItem());
  return (await shop.zarinpal.pay(placed.authority)).callbackUrl!;
}

test('a browser without cookies is sent to a page that shows the result', async () => {
  const { shop } = journey;

  const callback = await browse(shop, await paidAddress(shop));

  expect([callback.status, callback.headers.get('cache-control')]).toEqual([303, 'no-store']);
  expect(callback.headers.get('set-cookie')).toBeNull();
  const page = await browse(shop, callback.headers.get('location')!);
  const html = await page.text();
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(html).toContain('lang="fa" dir="rtl"');
  expect(html).toContain('پرداخت انجام شد');
  expect(html).not.toContain('http-equiv="refresh"');
});

test('a page that is still pending polls by itself', async () => {
  const shop = await journey.shop.withTerms({ checkout: { retryFirstMs: 60_000, retryMostMs: 60_000 } });
  const address = await paidAddress(shop);
  await shop.zarinpal.fault({ kind: 'html', endpoint: 'verify' });

  const callback = await browse(shop, address);
  const html = await (await browse(shop, callback.headers.get('location')!)).text();

  expect(html).toContain('در حال بررسی پرداخت');
  expect(html).toContain('http-equiv="refresh"');
});

test('a shop with a storefront sends browsers there, with the token beside what the address says already', async () => {
  const shop = await journey.shop.withTerms({
    api: { storefrontResultUrl: 'https://shop.example/paid?lang=fa' },
  });

  const callback = await browse(shop, await paidAddress(shop));

  const location = new URL(callback.headers.get('location')!);
  expect([callback.status, location.origin, location.searchParams.get('lang')]).toEqual([
    303,
    'https://shop.example',
    'fa',
  ]);
  const read = await browse(
    shop,
    `/api/v1/payments/results/${location.searchParams.get('result')}`,
    'application/json',
  );
  expect(await read.json()).toMatchObject({ status: 'paid' });
});

test('an app that asks for JSON gets the result and its token at once', async () => {
  const { shop } = journey;

  const callback = await browse(shop, await paidAddress(shop), 'application/json');
  const { resultToken, ...result } = (await callback.json()) as PaymentResultView & { resultToken: string };

  expect(result).toMatchObject({ status: 'paid' });
  const read = await browse(shop, `/api/v1/payments/results/${resultToken}`, 'application/json');
  expect(await read.json()).toEqual(result);
});

test('a result opens to its token only, and not for ever', async () => {
  const buyer = new Buyer(journey.shop);
  const read = async (token: string) => {
    const answer = await buyer.call<PaymentResultView & { code?: string }>(
      'GET',
      `/payments/results/${token}`,
      {},
    );
    return [answer.status, answer.body.status === 'paid' ? 'paid' : answer.body.code];
  };

  const { placed, resultToken, first } = await beforeDeadline(1_000, async (resultTokenLifetimeMs) => {
    const shop = await journey.shop.withTerms({ checkout: { resultTokenLifetimeMs } });
    const placed = await buyer.order(await journey.takeItem());
    const paid = await shop.zarinpal.pay(placed.authority);
    const deadline = Date.now() + resultTokenLifetimeMs;
    const { resultToken } = (await buyer.at(shop).comeBack(paid.callbackUrl)).body;
    return { deadline, result: { placed, resultToken, first: await read(resultToken) } };
  });

  const refused = [404, 'payment.result_invalid'];
  expect(first).toEqual([200, 'paid']);
  expect(await read(resultToken.replace(/^./, 'x'))).toEqual(refused);
  expect(await read(resultToken.replace(/\.(.)/, (_all, first) => (first === 'A' ? '.B' : '.A')))).toEqual(
    refused,
  );
  expect(await read('x')).toEqual(refused);
  expect(await read(placed.orderToken)).toEqual(refused);
  expect(
    await eventually(
      () => read(resultToken),
      ([status]) => status !== 200,
    ),
  ).toEqual(refused);
});

test('a result tells status and amount and nothing else', async () => {
  const { shop } = journey;
  const callback = await browse(shop, await paidAddress(shop), 'application/json');

  expect(Object.keys((await callback.json()) as object).toSorted()).toEqual([
    'amount',
    'resultToken',
    'status',
  ]);
});
