/** Refusals of carts. */
export const CART_ERRORS = {
  'cart.not_found': { status: 404, title: 'There is no such cart.' },
  'cart.not_yours': {
    status: 403,
    title: 'This cart belongs to a customer: its token opens it only while that customer is signed in.',
  },
  'cart.line_not_found': { status: 404, title: 'The cart has no such line.' },
  'cart.line_limit': { status: 409, title: 'The cart has reached its limit of lines.' },
  'cart.quantity_limit': { status: 409, title: 'The quantity is above the limit for one variant.' },
  'cart.variant_not_sellable': { status: 409, title: 'This variant is no longer for sale.' },
  'cart.empty': { status: 409, title: 'The cart is empty.' },
} as const;
