import { describe, expect, it } from 'vitest';

import { readEnvelope } from '../../../activities/payments/zarinpal/envelope';
import { readInteger } from '../../../activities/provider-json';
import { buildErrorShapes, buildSuccess } from './bodies';

describe('reading what Zarinpal answers', () => {
  it('finds code and data of a success', () => {
    const envelope = readEnvelope(buildSuccess({ ref_id: 7 }));
    expect(envelope).toMatchObject({ code: 100, codeInData: true, message: 'Success' });
    expect(envelope?.data['ref_id']).toBe(7);
  });

  it('finds the code of an official sample that sends it as text', () => {
    expect(
      readEnvelope('{"data":{"code":"100","message":"Success","authorities":[]},"errors":[]}')?.code,
    ).toBe(100);
  });

  it.each(buildErrorShapes(-54))('finds the code when it is %s', (_shape, body) => {
    expect(readEnvelope(body)?.code).toBe(-54);
  });

  it('takes the first code when several are there', () => {
    const both = { data: { code: -51 }, errors: { code: -9, amount: ['-50'] } };
    expect(readEnvelope(JSON.stringify(both))?.code).toBe(-51);
    expect(readEnvelope(JSON.stringify({ ...both, data: [] }))?.code).toBe(-9);
    expect(readEnvelope(JSON.stringify({ data: [], errors: { amount: ['-50'] } }))?.code).toBe(-50);
  });

  it('does not take a success code from among the errors for one in data', () => {
    expect(readEnvelope('{"data":{"ref_id":7},"errors":{"code":100}}')).toMatchObject({
      code: 100,
      codeInData: false,
    });
  });

  it.each([
    '{"data":{},"errors":[]}',
    '{"data":[],"errors":[]}',
    '{"data":{}}',
    '{}',
    '{"data":{"code":null}}',
  ])('finds no code in %s', (body) => {
    expect(readEnvelope(body)).toMatchObject({ code: undefined });
  });

  it.each(['', ' ', '<html>502</html>', 'null', '"100"', '100', '[]', '[{"data":{"code":100}}]', '{"data":'])(
    'does not take %j for an answer',
    (body) => {
      expect(readEnvelope(body)).toBeUndefined();
    },
  );

  it('keeps every digit of a receipt that JavaScript would round', () => {
    const envelope = readEnvelope(
      '{"data":{"code":100,"ref_id":90071992547409931,"fee":1.5,"fee_type":"9007199254740993100"}}',
    );
    expect(envelope?.data).toMatchObject({
      ref_id: '90071992547409931',
      fee: 1.5,
      fee_type: '9007199254740993100',
    });
  });

  it('leaves digits within sentences alone', () => {
    const body = JSON.stringify({ data: { code: 100, note: 'a "90071992547409931" \\', ref_id: 1 } });
    expect(readEnvelope(body)?.data['note']).toBe('a "90071992547409931" \\');
  });

  it('joins the sentences of a validation error, so that an operator sees which field it was', () => {
    const body = {
      data: [],
      errors: {
        code: -9,
        message: 'Invalid.',
        validations: [{ amount: 'Too small.' }, { description: ['Missing.'] }],
      },
    };
    expect(readEnvelope(JSON.stringify(body))?.message).toBe('Invalid. Too small. Missing.');
  });
});

it('reads no body that opens a text and never ends it, however many quotes follow', () => {
  const startedAt = performance.now();

  expect(readEnvelope(`"${String.raw`\"`.repeat(50_000)}`)).toBeUndefined();
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

describe('reading an integer', () => {
  it.each([
    [100, 100],
    ['100', 100],
    [' -55 ', -55],
    [0, 0],
  ])('reads %j', (value, expected) => {
    expect(readInteger(value)).toBe(expected);
  });

  it.each([
    1.5,
    '1.5',
    '',
    ' ',
    'x',
    '1e3',
    '0x10',
    null,
    undefined,
    true,
    [],
    {},
    Number.NaN,
    1e20,
    '9'.repeat(20),
  ])('refuses %j', (value) => {
    expect(readInteger(value)).toBeUndefined();
  });
});
