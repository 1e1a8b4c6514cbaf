import { expect, test } from 'vitest';

import { resultPage } from '../../../api/payments/result-page';

test('the page of a payment promises nothing about its order, which may have ended', () => {
  const page = resultPage({ status: 'unpaid', amount: { amount: 250_000, currency: 'IRR' } });

  expect(page).toContain('۲۵۰٬۰۰۰');
  expect(page).not.toContain('سفارش هنوز نگه داشته شده است');
  expect(page).toContain('اگر سفارش هنوز در انتظار پرداخت باشد');
});
