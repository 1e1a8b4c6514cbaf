import { describe, expect, it } from 'vitest';

import { classOf, CODES, wordingOf } from '../../../activities/payments/zarinpal/codes';

/** Zarinpal's error list by what each code means for us. It is written a second time on purpose. */
const DOCUMENTED = {
  ok: [100, 101],
  final: [-50, -53, -54],
  not_yet: [-51, -55],
  wait: [-12],
  unknown: [-52],
  reverse: [-60, -61, -63],
  operator: [
    -9, -10, -11, -13, -14, -15, -16, -17, -18, -19, -30, -31, -32, -33, -34, -35, -36, -37, -38, -39, -40,
    -41, -62, 429,
  ],
} as const;

describe('the codes of Zarinpal', () => {
  const cases = Object.entries(DOCUMENTED).flatMap(([name, codes]) =>
    codes.map((code) => [code, name] as const),
  );

  it.each(cases)('%i is %s', (code, name) => {
    expect(classOf(code)).toBe(name);
    expect(wordingOf(code)).toBe(CODES[code]?.message);
  });

  it('are exactly the documented ones', () => {
    const known = Object.keys(CODES).map(Number);
    expect(known.toSorted((a, b) => a - b)).toEqual(cases.map(([code]) => code).toSorted((a, b) => a - b));
  });

  it.each([0, 1, 99, 102, 200, 401, 500, -1, -2, -5, -20, -42, -56, -64, -100, Number.MAX_SAFE_INTEGER])(
    'leave %i unknown, because it is not documented',
    (code) => {
      expect(classOf(code)).toBe('unknown');
      expect(wordingOf(code)).toContain('does not list');
    },
  );
});
