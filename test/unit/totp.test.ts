import { expect, test } from 'vitest';

import { newRecoveryCodes, RECOVERY_CODES, recoveryCodeHash } from '../../entities/auth/recovery-codes';
import { createSealedBoxes } from '../../platform/sealed-box';
import { base32Of, otpauthUri, totpOf, totpStepAt, totpStepOf } from '../../platform/totp';

/** The secret and the vectors of RFC 6238, appendix B: https://www.rfc-editor.org/rfc/rfc6238#appendix-B */
const SECRET = Buffer.from('12345678901234567890');
const VECTORS: readonly (readonly [seconds: number, code: string])[] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
];

test('codes are those of RFC 6238', () => {
  for (const [seconds, code] of VECTORS) {
    const step = totpStepAt(seconds * 1_000);
    expect(totpOf(SECRET, step, 8)).toBe(code);
    expect(totpOf(SECRET, step)).toBe(code.slice(2));
  }
});

test('a code is known in its step, the one before and the one after', () => {
  const now = 1_111_111_111_000;
  const step = totpStepAt(now);

  const known = [-2, -1, 0, 1, 2].map((by) => totpStepOf(SECRET, totpOf(SECRET, step + by), now));

  expect(known).toEqual([undefined, step - 1, step, step + 1, undefined]);
  expect(['', '05047', '0050471', 'abcdef'].map((code) => totpStepOf(SECRET, code, now))).toEqual(
    Array.from({ length: 4 }),
  );
});

test('an authenticator is told the secret, the shop and the person', () => {
  // RFC 4648, section 10: https://www.rfc-editor.org/rfc/rfc4648#section-10
  expect(['f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => base32Of(Buffer.from(text)))).toEqual([
    'MY',
    'MZXQ',
    'MZXW6',
    'MZXW6YQ',
    'MZXW6YTB',
    'MZXW6YTBOI',
  ]);
  expect(otpauthUri(SECRET, { issuer: 'My shop', account: 'a@b' })).toBe(
    'otpauth://totp/My%20shop:a%40b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=My%20shop',
  );
});

test('sealed bytes open with their key and context alone, also after the key was replaced', () => {
  const before = createSealedBoxes(['the first key']);
  const during = createSealedBoxes(['the next key', 'the first key']);
  const after = createSealedBoxes(['the next key']);
  const box = before.seal(SECRET, 'factor 1');

  expect(box.sealed.includes(SECRET)).toBe(false);
  expect(before.seal(SECRET, 'factor 1').sealed.equals(box.sealed)).toBe(false);
  expect(during.open(box, 'factor 1')).toEqual(SECRET);
  expect([before, during, after].map((boxes) => boxes.isCurrent(box))).toEqual([true, false, false]);
  expect(after.open(during.seal(SECRET, 'factor 1'), 'factor 1')).toEqual(SECRET);

  const changed = Buffer.from(box.sealed);
  changed[changed.length - 1]! ^= 1;
  expect(() => after.open(box, 'factor 1')).toThrow('No key with the id');
  expect(() => before.open(box, 'factor 2')).toThrow('unable to authenticate');
  expect(() => before.open({ ...box, sealed: changed }, 'factor 1')).toThrow('unable to authenticate');
  expect(() => before.open({ ...box, sealed: Buffer.alloc(5) }, 'factor 1')).toThrow('authentication tag');
});

test('recovery codes have 128 bits and are known however they are typed', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(RECOVERY_CODES);
  for (const code of codes) {
    expect(code).toMatch(/^([0-9a-f]{4}-){7}[0-9a-f]{4}$/);
    const typed = ` ${code.toUpperCase().replaceAll('-', ' ')}`;
    expect(recoveryCodeHash(typed)).toEqual(recoveryCodeHash(code));
  }
});
