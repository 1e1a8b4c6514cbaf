import type { AttemptState, OrderState } from '../../../entities/orders/order-state';
import type { CheckoutTiming } from '../../../workflows/checkout/checkout.contract';

/** When the orders of these tests were placed, in milliseconds since the epoch. Other instants count from here. */
export const PLACED_AT = 1_800_000_000_000;

/** Round numbers that show in the results: a page is payable for 1,000 ms, and the order is held for 1,100 ms. */
export const TIMING: CheckoutTiming = {
  payableMs: 1_000,
  holdGraceMs: 100,
  longestOpenMs: 10_000,
  pollEveryMs: 300,
  verifySpacingMs: 20,
  attentionAfterMs: 500,
  watchLateMs: 2_000,
  retryFirstMs: 10,
  retryMostMs: 80,
};

/** An open attempt that was just opened. */
export function buildAttempt(overrides: Partial<AttemptState> = {}): AttemptState {
  return {
    id: 'first',
    gateway: 'zarinpal',
    status: 'open',
    authority: 'A1',
    redirectUrl: 'https://pay.example/A1',
    amount: 250_000,
    payableUntil: PLACED_AT + TIMING.payableMs,
    captureRound: 0,
    lastCaptureAt: null,
    refundPending: 0,
    refunded: 0,
    failureCode: null,
    refId: null,
    hasCallback: false,
    ...overrides,
  };
}

/** An order that awaits payment on one page. */
export function buildOrder(overrides: Partial<OrderState> = {}): OrderState {
  return {
    id: '018f0000-0000-7000-8000-000000000001',
    number: 100_001,
    cartId: '018f0000-0000-7000-8000-000000000002',
    customerId: null,
    requestDigest: 'd'.repeat(64),
    askedBy: null,
    status: 'awaiting_payment',
    paymentStatus: 'unpaid',
    total: 250_000,
    currency: 'IRR',
    createdAt: PLACED_AT,
    paymentDeadline: PLACED_AT + TIMING.payableMs + TIMING.holdGraceMs,
    paidAt: null,
    version: 2,
    units: 1,
    skus: ['SKU-1'],
    attempts: [buildAttempt()],
    ...overrides,
  };
}
