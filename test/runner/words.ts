/**
 * Business words and the tests that concern them where the path does not say so: fragments of paths. A new test needs no
 * entry when its folder or file is named after what it is about.
 */
export const WORDS: Readonly<Record<string, readonly string[]>> = {
  catalog: ['data/search-text', 'data/seed'],
  carts: ['unit/carts'],
  checkout: [
    'unit/workflows',
    'data/place-order',
    'workflows/endings',
    'workflows/messages',
    'workflows/step-keys',
    'journeys/pay-an-order',
    'journeys/refusals',
    'journeys/same-key',
  ],
  events: ['data/journal'],
  fences: ['architecture/rooms'],
  inventory: ['data/book-stock', 'data/place-order'],
  launcher: ['drills/stack-', 'unit/sandbox-stack'],
  orders: ['-order', 'journeys/cancel', 'journeys/refusals'],
  payments: [
    'unit/zarinpal/',
    'contracts/zarinpal.test',
    'capture',
    'late-payment',
    'open-attempt',
    'payment',
    'record-callback',
    'settle',
    'surplus',
    'journeys/open-a-page',
    'journeys/paid-twice',
    'journeys/pay-an-order',
    'journeys/unclear-verify',
  ],
  sms: ['contracts/kavenegar', 'contracts/twilio'],
  temporal: ['workflows/schedules', 'workflows/search-attributes', 'journeys/reset'],
};
