/** Refusals of payments. */
export const PAYMENT_ERRORS = {
  'payment.attempt_limit': { status: 409, title: 'The order has used all its payment attempts.' },
  'payment.too_late': { status: 409, title: 'The order is too old for another payment attempt.' },
  'payment.not_found': { status: 404, title: 'There is no such payment.' },
  'payment.gateway_unknown': { status: 422, title: 'There is no such payment gateway.' },
  'payment.reference_taken': { status: 409, title: 'The payment reference belongs to another order.' },
  'payment.result_invalid': { status: 404, title: 'The result token is not valid or has expired.' },
} as const;
