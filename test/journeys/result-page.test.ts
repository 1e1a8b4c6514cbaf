import { expect, test } from 'vitest';

import type { PaymentPageView } from '../../api/orders/order.view';
import type { PaymentResultView } from '../../api/payments/payment-result';
import { beforeDeadline } from '../support/before-deadline';
import { authorityOf, Buyer } from '../support/buyer';
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

test('a result tells what a receipt shows and nothing else', async () => {
  const { shop } = journey;
  const callback = await browse(shop, await paidAddress(shop), 'application/json');

  expect(Object.keys((await callback.json()) as object).toSorted()).toEqual([
    'amount',
    'at',
    'canPayAgain',
    'isFinal',
    'orderNumber',
    'receipt',
    'resultToken',
    'status',
  ]);
});

test('the page of a paid order shows its number, receipt, amount and date', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);

  const callback = await browse(shop, callbackUrl!);
  const location = callback.headers.get('location')!;
  const { receipt, ...result } = (await (
    await browse(shop, location, 'application/json')
  ).json()) as PaymentResultView;
  const html = await (await browse(shop, location)).text();

  expect(result).toMatchObject({ status: 'paid', isFinal: true, orderNumber: placed.order.number });
  expect(Math.abs(Date.now() - Date.parse(result.at))).toBeLessThan(600_000);
  for (const text of [
    String(placed.order.number),
    receipt!,
    placed.order.total.amount.toLocaleString('en-US'),
  ]) {
    expect(html).toContain(text);
  }
  expect(html).toContain('Your payment was received');
});

/** Presses the button of a page, as a browser does, and follows nothing. */
function press(shop: Shop, page: string): Promise<Response> {
  const [, action] = /<form method="post" action="([^"]+)">/.exec(page) ?? [];
  return fetch(new URL(action!, shop.url), {
    method: 'POST',
    redirect: 'manual',
    headers: { Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded' },
  });
}

test('a buyer who gave up pays again with the button of the page, which opens one page however often it is pressed', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.refuse(placed.authority);
  const resultAt = (await browse(shop, callbackUrl!)).headers.get('location')!;
  const page = await (await browse(shop, resultAt)).text();

  const pressed = await Promise.all([press(shop, page), press(shop, page)]);
  const again = await press(shop, page);

  const payPages = [...pressed, again].map(({ status, headers }) => [status, headers.get('location')]);
  expect(new Set(payPages.map(String)).size).toBe(1);
  const [status, payPage] = payPages[0] as [number, string];
  expect(status).toBe(303);
  expect(payPage).toMatch(/StartPay/);
  expect(payPage).not.toBe(placed.payment.redirect);
  const paid = await shop.zarinpal.pay(authorityOf(payPage));
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');

  const afterwards = await (await browse(shop, resultAt)).text();
  expect(afterwards).toContain('paid with another payment');
  expect(afterwards).not.toContain('<form');
  const late = await press(shop, page);
  expect([late.status, late.headers.get('location')]).toEqual([303, resultAt]);
});

test('a program opens another payment page with the token of a result too', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.refuse(placed.authority);
  const { resultToken, canPayAgain } = (await buyer.comeBack(callbackUrl)).body;

  const path = `/payments/results/${resultToken}/payments`;
  const opened = await buyer.call<PaymentPageView>('POST', path, {});
  const again = await buyer.call<PaymentPageView>('POST', path, {});

  expect([canPayAgain, opened.status, again.status]).toEqual([true, 201, 200]);
  expect(opened.body.redirect).toMatch(/StartPay/);
  expect(again.body).toEqual(opened.body);
  await buyer.cancel(placed);
  expect(await buyer.call('POST', path, {})).toMatchObject({ status: 200 });
  const forged = await buyer.call<{ code: string }>('POST', '/payments/results/x/payments', {});
  expect([forged.status, forged.body.code]).toEqual([404, 'payment.result_invalid']);
});

test('a payment that the gateway reports late turns the page of its buyer to paid', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.callback(placed.authority, { status: 'OK' });
  const resultAt = (await browse(shop, callbackUrl!)).headers.get('location')!;

  const early = await (await browse(shop, resultAt)).text();
  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
  const late = await (await browse(shop, resultAt)).text();

  expect(early).toContain('http-equiv="refresh"');
  expect(early).not.toContain('No payment was made');
  expect(late).toContain('Your payment was received');
});

test('every refusal is a Persian and English page for a browser', async () => {
  const { shop } = journey;
  const unknown = `/api/v1/payments/zarinpal/callback?Authority=A${'0'.repeat(35)}&Status=OK`;
  for (const [answer, status, english] of [
    [await browse(shop, unknown), 404, 'We do not know this payment'],
    [await browse(shop, '/api/v1/payments/nowhere/callback'), 404, 'We do not know this payment'],
    [await browse(shop, '/api/v1/payments/results/expired'), 404, 'This link is no longer valid'],
    [
      await press(shop, '<form method="post" action="/api/v1/payments/results/expired/payments">'),
      404,
      'This link is no longer valid',
    ],
  ] as const) {
    const html = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
    expect(answer.headers.get('content-security-policy')).toContain("style-src 'sha256-");
    expect(html).toContain(english);
    expect(html).toContain('lang="fa" dir="rtl"');
    expect(html).toContain(answer.headers.get('x-request-id'));
  }
});
