/** Refusals of subscriptions to alerts of stock. */
export const STOCK_ALERT_ERRORS = {
  'stock_subscription.not_found': { status: 404, title: 'There is no such subscription.' },
  'stock_subscription.too_many': {
    status: 409,
    title: 'There are too many subscriptions: remove one first.',
  },
  'stock_subscription.available': { status: 409, title: 'The variant can be bought now.' },
} as const;
