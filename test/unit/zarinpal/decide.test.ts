import { describe, expect, it } from 'vitest';

import type { Reply } from '../../../activities/payments/zarinpal/client';
import { classOf, CODES } from '../../../activities/payments/zarinpal/codes';
import {
  decideInquiry,
  decideOpen,
  decideReverse,
  decideVerify,
} from '../../../activities/payments/zarinpal/decide';
import { readEnvelope } from '../../../activities/payments/zarinpal/envelope';
import { decideUnsettled } from '../../../activities/payments/zarinpal/unsettled';
import { AUTHORITY, buildErrorShapes, buildSuccess } from './bodies';

function buildReply(body: string, retryAfterMs?: number): Reply {
  const envelope = readEnvelope(body);
  return envelope === undefined
    ? { kind: 'no_reply', message: 'not JSON' }
    : { kind: 'reply', ...envelope, retryAfterMs };
}

const open = (reply: Reply) => decideOpen(reply, (authority) => `https://pay.test/${authority}`);
const METHODS = {
  open,
  verify: decideVerify,
  inquire: decideInquiry,
  reverse: decideReverse,
  list: decideUnsettled,
} as const;
type Method = keyof typeof METHODS;

/** The outcome of each class of code, by method. Reversals distinguish three refusals, listed below. */
const EXPECTED: Record<Method, Record<string, string>> = {
  open: { final: 'refused', not_yet: 'unknown', operator: 'refused', wait: 'refused', reverse: 'unknown' },
  verify: { final: 'rejected', not_yet: 'not_paid', operator: 'operator', wait: 'wait', reverse: 'unknown' },
  inquire: { final: 'rejected', not_yet: 'not_paid', operator: 'operator', wait: 'wait', reverse: 'unknown' },
  reverse: { final: 'rejected', not_yet: 'not_reversible', operator: 'operator', wait: 'wait' },
  list: { final: 'rejected', not_yet: 'unknown', operator: 'operator', wait: 'wait', reverse: 'unknown' },
};
const REVERSALS: Record<number, string> = {
  [-60]: 'bank_refused',
  [-61]: 'not_reversible',
  [-63]: 'too_late',
};

const methods = Object.keys(METHODS) as Method[];
const failures = [...Object.keys(CODES).map(Number), -999, 0, 500].filter(
  (code) => code !== 100 && code !== 101,
);

describe.each(methods)('the decision about an error of %s', (method) => {
  it.each(failures)('is the same for code %i in every shape', (code) => {
    const expected =
      (method === 'reverse' ? REVERSALS[code] : undefined) ?? EXPECTED[method][classOf(code)] ?? 'unknown';
    for (const [shape, body] of buildErrorShapes(code)) {
      const outcome = METHODS[method](buildReply(body));
      expect(outcome, shape).toMatchObject({ kind: expected, code: String(code) });
      expect(outcome, shape).toHaveProperty('message', expect.stringMatching(/./));
    }
  });

  it.each([
    ['no body', ''],
    ['HTML', '<html><body>502 Bad Gateway</body></html>'],
    ['empty data as an object', '{"data":{},"errors":[]}'],
    ['empty data as a list', '{"data":[],"errors":[]}'],
    ['a success without its fields', '{"data":{"code":100,"message":"Success"},"errors":[]}'],
    ['a success code among the errors', '{"data":{"ref_id":1,"status":"PAID"},"errors":{"code":100}}'],
  ])('is unknown for %s', (_name, body) => {
    // A reversal needs no field: its code is enough.
    const said = method === 'reverse' && body.includes('"data":{"code":100') ? 'reversed' : 'unknown';
    expect(METHODS[method](buildReply(body)).kind).toBe(said);
  });

  it('passes on how long to wait when the provider said so', () => {
    const body = buildErrorShapes(-12)[0]![1];
    expect(METHODS[method](buildReply(body, 30_000))).toMatchObject({ code: '-12', retryAfterMs: 30_000 });
    expect(METHODS[method](buildReply(body))).not.toHaveProperty('retryAfterMs');
  });

  it('takes 101 for a success of verify only', () => {
    const body = buildSuccess({
      code: 101,
      authority: AUTHORITY,
      ref_id: 5,
      status: 'PAID',
      authorities: [],
    });
    expect(METHODS[method](buildReply(body)).kind).toBe(method === 'verify' ? 'captured' : 'unknown');
  });
});

describe('opening', () => {
  it('gives authority, pay page and fee', () => {
    const body = buildSuccess({ authority: AUTHORITY, fee: 3000, fee_type: 'Merchant' });
    expect(open(buildReply(body))).toEqual({
      kind: 'opened',
      authority: AUTHORITY,
      redirectUrl: `https://pay.test/${AUTHORITY}`,
      fee: 3000,
    });
  });

  it.each([
    undefined,
    null,
    7,
    '',
    'A1',
    `${AUTHORITY}0`,
    `B${AUTHORITY.slice(1)}`,
    `${AUTHORITY}\n`,
    '../../evil',
  ])('does not accept the authority %j', (authority) => {
    expect(open(buildReply(buildSuccess({ authority })))).toMatchObject({ kind: 'unknown', code: '100' });
  });

  it('names the class of a refusal', () => {
    expect(open(buildReply(buildErrorShapes(-14)[0]![1]))).toMatchObject({
      kind: 'refused',
      class: 'operator',
    });
    expect(open(buildReply(buildErrorShapes(-12)[0]![1]))).toMatchObject({ kind: 'refused', class: 'wait' });
  });
});

describe('verifying', () => {
  const paid = { ref_id: 1234567, card_pan: '999999******9999', card_hash: 'a'.repeat(64), fee: 3000 };

  it('takes 100 for the first capture and 101 for the same one again', () => {
    const captured = {
      kind: 'captured',
      refId: '1234567',
      cardPan: '999999******9999',
      cardHash: 'a'.repeat(64),
      fee: 3000,
    };
    expect(decideVerify(buildReply(buildSuccess(paid)))).toEqual({ ...captured, first: true });
    expect(decideVerify(buildReply(buildSuccess({ ...paid, code: 101 })))).toEqual({
      ...captured,
      first: false,
    });
    expect(decideVerify(buildReply(buildSuccess({ ...paid, code: '101' })))).toEqual({
      ...captured,
      first: false,
    });
  });

  it.each([undefined, null, '', 0, '0', '000', -1, 1.5, 'abc', {}, [], true])(
    'needs a receipt, not %j',
    (refId) => {
      expect(decideVerify(buildReply(buildSuccess({ ...paid, ref_id: refId })))).toMatchObject({
        kind: 'unknown',
      });
    },
  );

  it('keeps long receipts apart that JavaScript would round to the same number', () => {
    const [one, two] = ['90071992547409931', '90071992547409932'].map((ref) =>
      decideVerify(buildReply(`{"data":{"code":100,"ref_id":${ref}},"errors":[]}`)),
    );
    expect(one).toMatchObject({ refId: '90071992547409931' });
    expect(two).toMatchObject({ refId: '90071992547409932' });
  });

  it.each(['6037991234567890', '6037-9912-3456-7890', 'x'.repeat(80), 5, null])(
    'does not pass on %j as a masked card',
    (pan) => {
      const outcome = decideVerify(buildReply(buildSuccess({ ...paid, card_pan: pan })));
      expect(outcome.kind).toBe('captured');
      expect(outcome).not.toHaveProperty('cardPan');
    },
  );
});

describe('inquiring', () => {
  it.each([
    ['PAID', 'paid'],
    ['VERIFIED', 'captured'],
    ['IN_BANK', 'pending'],
    ['FAILED', 'failed'],
    ['REVERSED', 'reversed'],
  ])('reads %s as %s', (status, expected) => {
    expect(decideInquiry(buildReply(buildSuccess({ status })))).toEqual({ kind: 'status', status: expected });
  });

  it.each([undefined, null, '', 'paid', 'REFUNDED', 'constructor', '__proto__', 5])(
    'does not guess what %j is',
    (status) => {
      expect(decideInquiry(buildReply(buildSuccess({ status })))).toMatchObject({ kind: 'unknown' });
    },
  );
});

describe('listing what was paid and not captured', () => {
  const row = {
    authority: AUTHORITY,
    amount: 50_000,
    callback_url: 'https://shop.test/r',
    date: '2020-07-01 17:33:25',
  };

  it('reads the rows and leaves out those that cannot be read', () => {
    const authorities = [
      row,
      { ...row, amount: '60000' },
      { ...row, authority: 'x' },
      null,
      { authority: AUTHORITY },
    ];
    expect(decideUnsettled(buildReply(buildSuccess({ code: '100', authorities })))).toEqual({
      kind: 'listed',
      payments: [
        {
          authority: AUTHORITY,
          amount: 50_000,
          callbackUrl: 'https://shop.test/r',
          date: '2020-07-01 17:33:25',
        },
        {
          authority: AUTHORITY,
          amount: 60_000,
          callbackUrl: 'https://shop.test/r',
          date: '2020-07-01 17:33:25',
        },
      ],
      unreadable: 3,
      nearLimit: false,
    });
  });

  it.each([
    [79, false],
    [80, true],
    [100, true],
  ])('of %i rows is near its limit: %j', (count, nearLimit) => {
    const authorities = Array.from({ length: count }, () => row);
    expect(decideUnsettled(buildReply(buildSuccess({ authorities })))).toMatchObject({
      kind: 'listed',
      nearLimit,
    });
  });

  it.each([undefined, null, {}, 'none'])('needs a list, not %j', (authorities) => {
    expect(decideUnsettled(buildReply(buildSuccess({ authorities })))).toMatchObject({ kind: 'unknown' });
  });
});
