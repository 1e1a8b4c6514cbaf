import { expect, test } from 'vitest';

import { presentPaymentResult } from '../../../api/payments/payment-result';
import { resultPage } from '../../../api/payments/result-page';

test('a page of a payment says nothing about its order, which may have ended long ago', () => {
  for (const attemptStatus of ['open', 'closed'] as const) {
    const result = { attemptStatus, amount: 250_000, hasReturn: false, isReturned: false };
    const page = resultPage(presentPaymentResult(result));

    expect(page).toContain('۲۵۰٬۰۰۰');
    expect(page).not.toContain('سفارش هنوز نگه داشته شده است');
    expect(page).toContain('اگر سفارش هنوز در انتظار پرداخت باشد');
  }
});
