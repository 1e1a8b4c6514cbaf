/**
 * Every way in which the shop says no: one stable code, one HTTP status, one English sentence.
 * `api/problem` renders them as RFC 9457 problems, activities turn them into typed workflow failures with
 * the same code, so a client reads one name wherever the refusal arose.
 */
export const ERRORS = {
  'request.invalid': { status: 422, title: 'The request does not have the expected form.' },
  'request.malformed': { status: 400, title: 'The body is not valid JSON.' },
  'request.too_large': { status: 413, title: 'The body is larger than allowed.' },
  'request.unsupported_media_type': { status: 415, title: 'The body must be JSON.' },
  'request.idempotency_key_missing': { status: 422, title: 'An Idempotency-Key header is needed here.' },
  'request.idempotency_key_reused': {
    status: 422,
    title: 'This Idempotency-Key was already used with another body.',
  },
  'request.too_many': { status: 429, title: 'Too many requests, try again later.' },
  'route.not_found': { status: 404, title: 'There is nothing at this address.' },
  'route.method_not_allowed': { status: 405, title: 'This address does not know that method.' },
  'access.token_missing': { status: 401, title: 'A token is needed here.' },
  'access.token_invalid': { status: 401, title: 'The token is not valid.' },
  'access.forbidden': { status: 403, title: 'This token does not permit that.' },
  'catalog.product_not_found': { status: 404, title: 'There is no such product.' },
  'catalog.category_not_found': { status: 404, title: 'There is no such category.' },
  'catalog.variant_not_found': { status: 404, title: 'There is no such variant.' },
  'catalog.cursor_invalid': { status: 422, title: 'The cursor is not one that this list gave out.' },
  'cart.not_found': { status: 404, title: 'There is no such cart.' },
  'cart.line_not_found': { status: 404, title: 'The cart has no such line.' },
  'cart.line_limit': { status: 409, title: 'The cart has as many lines as it may have.' },
  'cart.quantity_limit': { status: 409, title: 'That many units of one variant may not be ordered.' },
  'cart.variant_not_sellable': { status: 409, title: 'This variant is not for sale any more.' },
  'cart.empty': { status: 409, title: 'The cart is empty.' },
  'checkout.cart_changed': { status: 409, title: 'The cart was changed meanwhile: look at it again.' },
  'checkout.price_changed': { status: 409, title: 'The total has changed: confirm the new one.' },
  'checkout.not_sellable': { status: 409, title: 'Something in the cart is no longer for sale.' },
  'checkout.out_of_stock': { status: 409, title: 'There is not enough stock for these lines.' },
  'checkout.order_open': { status: 409, title: 'This cart already has an order that awaits payment.' },
  'checkout.too_many_open_orders': {
    status: 409,
    title: 'Too many orders from this address await payment: pay or cancel one first.',
  },
  'checkout.unit_limit': { status: 409, title: 'One order may not hold that many units.' },
  'checkout.amount_too_small': { status: 409, title: 'The total is below what the gateway accepts.' },
  'checkout.amount_too_large': { status: 409, title: 'The total is above what the gateway accepts.' },
  'order.not_found': { status: 404, title: 'There is no such order.' },
  'order.not_cancellable': { status: 409, title: 'The order can no longer be cancelled.' },
  'order.verifying': { status: 409, title: 'A payment is being verified right now: ask again shortly.' },
  'order.not_awaiting_payment': { status: 409, title: 'The order does not await payment.' },
  'payment.attempt_limit': { status: 409, title: 'The order has used all its payment attempts.' },
  'payment.too_late': { status: 409, title: 'The order is too old for another payment attempt.' },
  'payment.not_found': { status: 404, title: 'There is no such payment.' },
  'payment.gateway_unknown': { status: 422, title: 'There is no such payment gateway.' },
  'payment.reference_taken': { status: 409, title: 'The payment reference belongs to another order.' },
  'payment.result_invalid': { status: 404, title: 'The result token is not valid or has expired.' },
  'service.unavailable': { status: 503, title: 'A part of the shop is away: repeat with the same key.' },
  'service.failed': { status: 500, title: 'Something went wrong on our side.' },
} as const satisfies Record<string, { status: number; title: string }>;

/** A stable name of a refusal or failure, as clients see it in `code`. */
export type ErrorCode = keyof typeof ERRORS;

/** What a refusal tells beyond its code: JSON values only, shown to the caller as they are. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * A refusal of the shop. Operations throw it and their transaction rolls back; an operation that must
 * remember a failure returns it instead.
 */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
    options?: { cause?: unknown },
  ) {
    super(ERRORS[code].title, options);
  }

  /** The HTTP status that belongs to the code. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** Throws {@link AppError} with the code unless the value is truthy. */
export function assertThat(value: unknown, code: ErrorCode, details?: ErrorDetails): asserts value {
  if (!value) throw new AppError(code, details);
}
