import type { Law } from './law';

/** One pass over the orders. */
export const statusAgreesWithPayment: Law = {
  law: 'status-agrees-with-payment',
  sentence: 'An order is unpaid exactly while it awaits payment, has expired or was cancelled.',
  offenders: `
    SELECT id AS "orderId", status, payment_status AS "paymentStatus" FROM orders
    WHERE (status IN ('awaiting_payment', 'expired', 'cancelled')) <> (payment_status = 'unpaid')`,
};
