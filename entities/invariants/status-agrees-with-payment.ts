import type { Invariant } from './invariant';

/** One pass over the orders. */
export const statusAgreesWithPayment: Invariant = {
  invariant: 'status-agrees-with-payment',
  sentence: 'An order is unpaid exactly while it awaits payment, has expired or was cancelled.',
  violations: `
    SELECT id AS "orderId", status, payment_status AS "paymentStatus" FROM orders
    WHERE (status IN ('awaiting_payment', 'expired', 'cancelled')) <> (payment_status = 'unpaid')`,
};
