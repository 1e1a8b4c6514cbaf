import { describe, expect, it } from 'vitest';

import { CODES as KAVENEGAR } from '../../../activities/sms/kavenegar/codes';
import { CODES as SMS_IR } from '../../../activities/sms/sms-ir/codes';
import { CODES as TWILIO, meaningOf } from '../../../activities/sms/twilio/codes';

const between = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** The providers' lists by what each code means for us. They are written a second time on purpose. */
const DOCUMENTED = {
  'sms-ir': {
    table: SMS_IR,
    classes: {
      ok: [1],
      stop: [104, 115],
      bug: [16, 103, ...between(105, 110), 114, 116, 118],
      config: [...between(10, 15), 101, 102, 113, 117, 119, 123, 124],
      overload: [0, 20],
      report: [111, 112],
    },
  },
  kavenegar: {
    table: KAVENEGAR,
    classes: {
      ok: [200],
      stop: [411],
      bug: [400, 404, 405, 406, 413, 414, 415, 417, 419, 422, 428, 431, 604, 607, ...between(800, 813)],
      config: [401, 402, 403, 407, 412, 416, 418, 420, 424, 426, 427, 432, 501],
      overload: [409, 429, 451],
    },
  },
  twilio: {
    table: TWILIO,
    classes: {
      stop: [21211, 21610, 21614, 21635, 30005, 30006],
      bug: [21602, 21617],
      config: [20003, 21212, 21408, 21606, 21608, 21612, 30002, 30004, 30007],
      overload: [20429, 21611, 30001, 30003, 30008],
    },
  },
} as const;

describe.each(Object.entries(DOCUMENTED))('the codes of %s', (_, { table, classes }) => {
  it('have the class that follows from their documentation, and there are no others', () => {
    const expected = Object.entries(classes).flatMap(([name, codes]) =>
      (codes as number[]).map((code) => [String(code), name] as const),
    );
    const actual = Object.entries(table).map(([code, { class: name }]) => [code, name]);
    expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected));
  });
});

it('blames one template or text only where all others get through', () => {
  const concerned = (table: object) =>
    Object.entries(table).flatMap(([code, { concerns }]: [string, { concerns?: string }]) =>
      concerns === 'template' ? [Number(code)] : [],
    );
  expect(concerned(SMS_IR)).toEqual([113, 117, 124]);
  expect(concerned(KAVENEGAR)).toEqual([420, 424, 432]);
});

describe('an error of Twilio that is not among them', () => {
  it.each([
    [21619, 400, 'bug'],
    [20005, 401, 'config'],
    [20008, 403, 'config'],
    [20404, 404, 'config'],
    [20001, 422, 'bug'],
    [21999, 429, 'overload'],
    [20500, 500, 'overload'],
    [20503, 503, 'overload'],
    [29999, 200, undefined],
    [29999, 302, undefined],
  ])('%i with HTTP %i is %s', (code, status, expected) => {
    expect(meaningOf(code, status)?.class).toBe(expected);
  });
});
