import { expect, test } from 'vitest';

import { renderDetails } from '../../../workflows/checkout/operator-view';
import { buildAttempt, buildOrder, PLACED_AT } from './builders';

test('an operator reads where the order stands and how long it waits', () => {
  const text = renderDetails('an-order', buildOrder(), []);

  expect(text).toContain('**Order 100001** – awaiting_payment, unpaid\n\n250,000 rial, 1 unit\n\n');
  expect(text).toContain('Awaits payment until 2027-01-15T08:00:01.100Z.');
  expect(text).toContain(
    '**open** at zarinpal\n\n- payable until 2027-01-15T08:00:01.000Z\n- attempt `first`\n- authority `A1`',
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
    '> **Needs a person:** zarinpal gives no clear answer: -12 (`-12`). Send `retry`.\n\n> **Needs a person:** the money stayed (`payment.money_stayed`). Send `decide`.\n\n**open** at zarinpal',
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

  expect(text).toContain('**closed** at zarinpal');
  expect(text).toContain('- last answer `no_answer`');
  expect(text).not.toContain('authority');
});

test('a settled attempt shows its receipt, when it was paid, and no time until which it could be paid', () => {
  const attempt = buildAttempt({ status: 'settled', refId: '987' });
  const text = renderDetails(
    'an-order',
    buildOrder({ status: 'placed', paymentStatus: 'paid', paidAt: PLACED_AT, attempts: [attempt] }),
    [],
  );

  expect(text).toContain('Paid at 2027-01-15T08:00:00.000Z.');
  expect(text).toContain('**settled** at zarinpal\n\n- receipt `987`\n');
  expect(text).not.toContain('payable until');
});

test('only an attempt that can be paid shows until when', () => {
  const shown = (
    ['requesting', 'open', 'verifying', 'settled', 'surplus', 'refused', 'closed'] as const
  ).filter((status) =>
    renderDetails('an-order', buildOrder({ attempts: [buildAttempt({ status })] }), []).includes(
      'payable until',
    ),
  );

  expect(shown).toEqual(['requesting', 'open']);
});

test('money that is owed shows how much of it was refunded', () => {
  const attempts = [buildAttempt({ status: 'surplus', refunded: 50_000 })];

  expect(renderDetails('an-order', buildOrder({ attempts }), [])).toContain(
    '- refunded 50,000 of 250,000 rial',
  );
});

test('no list has a list in it, which the Temporal UI would show on one line', () => {
  const attempts = [buildAttempt({ failureCode: '-51' }), buildAttempt({ id: 'second' })];

  expect(renderDetails('an-order', buildOrder({ attempts }), [])).not.toMatch(/^[ \t]+-/m);
});
