import { expect, test } from 'vitest';

import { renderDetails } from '../../../workflows/checkout/operator-view';
import { buildAttempt, buildOrder } from './builders';

test('an operator reads where the order stands and how long it waits', () => {
  const text = renderDetails('an-order', buildOrder(), []);

  expect(text).toContain('**Order 100001** – awaiting_payment, unpaid, 250,000 rial, 1 unit');
  expect(text).toContain('Awaits payment until 2027-01-15T08:00:01.100Z.');
  expect(text).toContain(
    '- **open** at zarinpal, payable until 2027-01-15T08:00:01.000Z\n  - attempt `first`\n  - authority `A1`',
  );
  expect(text).not.toContain('last answer');
});

test('an order that no longer waits shows no deadline', () => {
  const text = renderDetails('an-order', buildOrder({ status: 'placed', paymentStatus: 'paid' }), []);

  expect(text).not.toContain('Awaits payment');
});

test('what only a person can solve comes before the attempts, with what to do', () => {
  const text = renderDetails('an-order', buildOrder(), [
    { what: 'zarinpal gives no clear answer: -12', code: '-12', resolvedBy: 'Send `retry`.' },
    { what: 'the money stayed', code: 'payment.money_stayed', resolvedBy: 'Send `decide`.' },
  ]);

  expect(text).toContain(
    '> **Needs a person:** zarinpal gives no clear answer: -12 (`-12`). Send `retry`.\n\n> **Needs a person:** the money stayed (`payment.money_stayed`). Send `decide`.\n\n- **open** at zarinpal',
  );
});

test('an attempt shows its authority and its problem only where it has them', () => {
  const text = renderDetails(
    'an-order',
    buildOrder({
      attempts: [buildAttempt({ authority: null, status: 'closed', failureCode: 'no_answer' })],
    }),
    [],
  );

  expect(text).toContain('- **closed** at zarinpal');
  expect(text).toContain('  - last answer `no_answer`');
  expect(text).not.toContain('authority');
});
