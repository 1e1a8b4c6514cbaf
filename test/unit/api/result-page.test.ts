import { expect, test } from 'vitest';

import type { PaymentResultView } from '../../../api/payments/payment-result';
import { problemPage } from '../../../api/payments/problem-page';
import { resultPage } from '../../../api/payments/result-page';
import { AppError, type ErrorCode } from '../../../entities/errors';
import type { OrderStatus } from '../../../entities/orders/order-status';
import { problemOf } from '../../../entities/problem';

const AGAIN = '/api/v1/payments/results/token/payments';

function pageOf(
  result: Partial<PaymentResultView>,
  orderStatus: OrderStatus = 'awaiting_payment',
  isVerifying = false,
): string {
  const view: PaymentResultView = {
    status: 'unpaid',
    isFinal: false,
    amount: { amount: 250_000, currency: 'IRR' },
    orderNumber: 10_042,
    receipt: null,
    at: '2026-05-04T10:00:00.000Z',
    canPayAgain: true,
    ...result,
  };
  return resultPage(view, { orderStatus, isVerifying }, AGAIN);
}

const isRefreshed = (page: string) => page.includes('http-equiv="refresh"');
const factOf = (page: string, name: string) =>
  new RegExp(`<dt>${name}</dt>\\s*<dd><bdi>([^<]*)</bdi>`).exec(page)?.[1];
const hasButton = (page: string) => page.includes(`<form method="post" action="${AGAIN}">`);

test('the page of a payment promises nothing about its order, which may have ended', () => {
  const page = pageOf({});

  expect(page).toContain('۲۵۰٬۰۰۰');
  expect(page).not.toContain('سفارش هنوز نگه داشته شده است');
  expect(page).toContain('اگر سفارش هنوز در انتظار پرداخت باشد');
});

test('the page of a paid order is a receipt in Persian and English', () => {
  const page = pageOf({ status: 'paid', isFinal: true, receipt: '201', canPayAgain: false }, 'placed');

  for (const text of ['پرداخت انجام شد', '۱۰۰۴۲', '۲۵۰٬۰۰۰ ریال', '۱۴ اردیبهشت ۱۴۰۵']) {
    expect(page).toContain(text);
  }
  for (const text of ['Your payment was received', '10042', '250,000 rials', '4 May 2026', '13:30']) {
    expect(page).toContain(text);
  }
  expect([factOf(page, 'شمارهٔ رسید'), factOf(page, 'Receipt number')]).toEqual(['201', '201']);
  expect([isRefreshed(page), hasButton(page)]).toEqual([false, false]);
});

test('a payment that has not arrived so far is looked for again, and may be made again', () => {
  const page = pageOf({});

  expect(page).not.toContain('پرداختی انجام نشد');
  expect(page).not.toContain('No payment was made');
  expect(page).toContain('No payment has reached us yet');
  expect([isRefreshed(page), hasButton(page)]).toEqual([true, true]);
});

test('a payment that can no longer arrive is final, and the page says what to do', () => {
  const page = pageOf({ isFinal: true, canPayAgain: false }, 'expired');

  expect(page).toContain('No payment was made');
  expect(page).toContain('order again');
  expect([isRefreshed(page), hasButton(page)]).toEqual([false, false]);
});

test('a payment beside another one of the order does not send the buyer to pay or to order again', () => {
  const paid = pageOf({ status: 'refused', isFinal: true, canPayAgain: false }, 'placed');
  const checked = pageOf({ canPayAgain: false }, 'awaiting_payment', true);

  expect(paid).toContain('paid with another payment');
  expect(checked).toContain('Another payment of this order is being checked');
  for (const page of [paid, checked]) expect(page).not.toContain('order again');
});

test('what a gateway says is text and never markup', () => {
  const page = pageOf({ status: 'paid', receipt: '<img src=x onerror="alert(1)">&\'' });

  expect(page).not.toContain('<img');
  expect(page).toContain('&#60;img src=x onerror=&#34;alert(1)&#34;&#62;&#38;&#39;');
});

test.each<[ErrorCode, string, string, boolean]>([
  ['payment.not_found', 'این پرداخت را نمی‌شناسیم', 'We do not know this payment', false],
  ['payment.result_invalid', 'این پیوند دیگر معتبر نیست', 'This link is no longer valid', false],
  ['request.too_many', 'کمی صبر کنید', 'Please wait a moment', true],
  ['service.unavailable', 'فروشگاه در دسترس نیست', 'The shop cannot be reached right now', true],
  ['service.failed', 'فروشگاه در دسترس نیست', 'The shop cannot be reached right now', true],
  ['request.invalid', 'این درخواست انجام نشد', 'This request was not accepted', false],
])('the page of %s says what to do in both languages', (code, persian, english, reloads) => {
  const problem = problemOf(new AppError(code), 'request-1');
  const page = problemPage(problem, { shop: 'https://shop.example/', mayReload: true });

  for (const text of [persian, english, 'request-1', 'href="https://shop.example/"', 'lang="fa" dir="rtl"']) {
    expect(page).toContain(text);
  }
  expect(isRefreshed(page)).toBe(reloads);
  expect(isRefreshed(problemPage(problem, { shop: undefined, mayReload: false }))).toBe(false);
});

test('a page waits before it loads itself again as long as the refusal says', () => {
  const problem = problemOf(new AppError('request.too_many', { retryAfterSeconds: 37 }), 'request-1');

  expect(problemPage(problem, { shop: undefined, mayReload: true })).toContain('content="37"');
});
