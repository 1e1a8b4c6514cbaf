import { expect, test } from 'vitest';

import { replyJudge } from '../../activities/purchasing/judge-reply';
import { instantIn } from '../../entities/values/instant';
import { newId } from '../../entities/values/uuid';
import { signWebhook } from '../../platform/standard-webhook';
import { SUPPLIER_SECRETS } from '../support/factories/suppliers';

test.each([
  ['2026-12-01T08:30:00+03:30', '2026-12-01T05:00:00.000Z'],
  ['2028-02-29T23:59Z', '2028-02-29T23:59:00.000Z'],
  ['2999-12-31T23:59:59.999999Z', '2999-12-31T23:59:59.999Z'],
])('%s is an instant', (text, instant) => {
  expect(instantIn(text)?.toISOString()).toBe(instant);
});

test.each([
  '2026-12-01T08:30:00',
  '2026-12-01',
  '2027-02-29T00:00:00Z',
  '2027-02-30T00:00:00+03:30',
  '2026-12-01T24:00:00Z',
  '2026-12-01T08:30:00+24:00',
  '9999-12-31T23:00:00-03:30',
  '2999-12-31T23:00:00-03:30',
  '1999-12-31T00:00:00Z',
  '+010000-01-01T00:00:00Z',
])('%s is none', (text) => {
  expect(instantIn(text)).toBeUndefined();
});

test.each([
  ['2027-02-27T08:00:00+03:30', '2027-02-27T04:30:00.000Z'],
  ['2027-02-28', '2027-02-28T20:30:00.000Z'],
  ['2027-02-30', undefined],
  ['2027-02-30T08:00:00Z', undefined],
  ['28 Feb 2027', undefined],
  [1_803_715_200_000, undefined],
  ['2029-02-28', undefined],
])('a supplier that says %s means %s', (expectedAt, meant) => {
  const supplierId = newId();
  const orderId = newId();
  const made = SUPPLIER_SECRETS.create(supplierId);
  const key = SUPPLIER_SECRETS.open(made, supplierId);
  const receivedAt = new Date('2027-02-01T00:00:00Z');
  const signedAt = receivedAt.getTime() / 1_000;
  const body = Buffer.from(
    JSON.stringify({ type: 'purchase_order.dispatched', data: { orderId, expectedAt } }),
  );
  const signature = signWebhook([key], { id: 'a-reply', timestamp: signedAt, body });
  const judged = replyJudge(SUPPLIER_SECRETS)({
    ...{ id: newId(), supplierId, orderId, webhookId: 'a-reply', signedAt, signature, body, receivedAt },
    ...{ secret: made.sealed, secretKeyId: made.keyId, previousSecret: null, previousSecretKeyId: null },
  });
  if (meant === undefined) expect(judged).toEqual({ verdict: 'malformed' });
  else
    expect(judged).toEqual({
      verdict: 'genuine',
      answer: { kind: 'dispatched', expectedAt: new Date(meant) },
    });
});
