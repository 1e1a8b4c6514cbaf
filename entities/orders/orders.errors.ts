/** Refusals of orders. */
export const ORDER_ERRORS = {
  'order.not_found': { status: 404, title: 'There is no such order.' },
  'order.sign_in_needed': {
    status: 403,
    title: 'This order belongs to a customer: its token shows only status and amount. Sign in for more.',
  },
  'order.not_cancellable': { status: 409, title: 'The order can no longer be cancelled.' },
  'order.verifying': { status: 409, title: 'A payment is being verified: try again shortly.' },
  'order.not_awaiting_payment': { status: 409, title: 'The order does not await payment.' },
  'order.not_paid': { status: 409, title: 'The order is not paid: nothing of it leaves.' },
  'order.line_not_sold': { status: 409, title: 'The order has bought nothing of this at this location.' },
  'order.more_than_sold': { status: 409, title: 'The order has not bought as many units there.' },
  'order.already_shipped': { status: 409, title: 'More units than these have left already.' },
  'order.lost': {
    status: 409,
    title: 'The record of this order was lost, and people of the shop look for it. Another key orders again.',
  },
} as const;
