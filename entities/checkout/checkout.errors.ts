/** Refusals of checkout. */
export const CHECKOUT_ERRORS = {
  'checkout.cart_changed': { status: 409, title: 'The cart has changed: show it to the buyer again.' },
  'checkout.price_changed': { status: 409, title: 'The total has changed: confirm the new one.' },
  'checkout.not_sellable': { status: 409, title: 'Something in the cart is no longer for sale.' },
  'checkout.out_of_stock': { status: 409, title: 'There is not enough stock for these lines.' },
  'checkout.recipient_missing': {
    status: 409,
    title: 'The cart does not say who gets the goods, and where.',
  },
  'checkout.order_open': { status: 409, title: 'This cart already has an order that awaits payment.' },
  'checkout.too_many_open_orders': {
    status: 409,
    title:
      'Too many of your orders, or without sign-in of this network, await payment: pay or cancel one, or wait until the next one ends.',
  },
  'checkout.held_limit': {
    status: 409,
    title:
      'Your unpaid orders, or without sign-in those of this network, hold as many of these goods as they may: pay or cancel one.',
  },
  'checkout.unit_limit': { status: 409, title: 'The order has more units than allowed.' },
  'checkout.amount_too_small': { status: 409, title: 'The total is below what the gateway accepts.' },
  'checkout.amount_too_large': { status: 409, title: 'The total is above what the gateway accepts.' },
} as const;
