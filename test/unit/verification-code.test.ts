import { createHash, randomBytes } from 'node:crypto';

import { expect, test } from 'vitest';

import { codeOf, createCodePeppers, equalCodes, type CodeSource } from '../../entities/auth/code-peppers';
import { verificationIdOf } from '../../entities/auth/request-verification';
import { createKeyedHash } from '../../platform/keyed-hash';

const PEPPER = 'a pepper of at least thirty-two characters';
const NEXT_PEPPER = 'the next pepper, which takes its place by and by';

const SOURCE: CodeSource = {
  purpose: 'sign_in',
  phone: '+989121234567',
  id: '018f0000-0000-8000-8000-000000000001',
  salt: Buffer.alloc(16, 7),
};

/** Salts that are the same in each run. */
const saltOf = (index: number) => createHash('sha256').update(String(index)).digest().subarray(0, 16);

test('a code is the same six digits each time, and another one wherever a part differs', () => {
  const { current } = createCodePeppers([PEPPER]);
  const code = codeOf(current, SOURCE);

  expect(code).toMatch(/^[0-9]{6}$/);
  expect(codeOf(current, { ...SOURCE })).toBe(code);
  const others = [
    codeOf(current, { ...SOURCE, purpose: 'change_number' }),
    codeOf(current, { ...SOURCE, phone: '+989121234568' }),
    codeOf(current, { ...SOURCE, id: '018f0000-0000-8000-8000-000000000002' }),
    codeOf(current, { ...SOURCE, salt: Buffer.alloc(16, 8) }),
    codeOf(createCodePeppers([NEXT_PEPPER]).current, SOURCE),
  ];
  expect(new Set([code, ...others]).size).toBe(6);
});

test('codes are spread evenly, and a tenth of them begins with a zero', () => {
  const { current } = createCodePeppers([PEPPER]);
  const codes = Array.from({ length: 20_000 }, (_, index) =>
    codeOf(current, { ...SOURCE, salt: saltOf(index) }),
  );

  expect(codes.every((code) => /^[0-9]{6}$/.test(code))).toBe(true);
  for (let place = 0; place < 6; place++) {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const code of codes) counts[Number(code[place])]! += 1;
    // The standard deviation of each is 42.
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(250);
  }
  expect(new Set(codes).size).toBeGreaterThan(19_600);
});

test('the first pepper makes codes and all of them check, so that a pepper can be replaced', () => {
  const before = createCodePeppers([PEPPER]);
  const during = createCodePeppers([NEXT_PEPPER, PEPPER]);
  const after = createCodePeppers([NEXT_PEPPER]);

  expect(during.current).toEqual(after.current);
  expect(during.find(before.current.id)).toEqual(before.current);
  expect(codeOf(during.find(before.current.id)!, SOURCE)).toBe(codeOf(before.current, SOURCE));
  expect(after.find(before.current.id)).toBeUndefined();
});

test('the id of a pepper tells nothing of it and fits its column', () => {
  const { current } = createCodePeppers([PEPPER]);
  expect(current.id).toMatch(/^[0-9a-f]{16}$/);
  expect(() => createCodePeppers([])).toThrow('There is no pepper');
});

test('codes of any length are compared', () => {
  expect(equalCodes('012345', '012345')).toBe(true);
  expect(['012346', '12345', '0123450', ''].some((code) => equalCodes(code, '012345'))).toBe(false);
});

test('a key makes one id for a purpose and a number, which only the secret can tell', () => {
  const asked = { purpose: 'sign_in', phone: SOURCE.phone, key: 'k-1' } as const;
  const hash = createKeyedHash('a secret for hashes that never changes');
  const id = verificationIdOf(hash, asked);

  expect(verificationIdOf(hash, { ...asked })).toBe(id);
  const others = [
    verificationIdOf(hash, { ...asked, purpose: 'change_number' }),
    verificationIdOf(hash, { ...asked, phone: '+989121234568' }),
    verificationIdOf(hash, { ...asked, key: 'k-2' }),
    verificationIdOf(createKeyedHash(randomBytes(32).toString('hex')), asked),
  ];
  expect(new Set([id, ...others]).size).toBe(5);
});
