import { expect, test } from 'vitest';

import { createSignedTokens, equalSecrets } from '../../../platform/signed-token';

const SECRET = 'a secret of at least thirty-two characters';
const NEXT_SECRET = 'the next secret, which takes its place by and by';

test('a token carries what was signed, for its purpose only', () => {
  const tokens = createSignedTokens([SECRET]);
  const token = tokens.sign('result', { status: 'paid', amount: 5 });

  expect(token).toMatch(/^[\w-]+\.[\w-]+$/);
  expect(tokens.read('result', token)).toEqual({ status: 'paid', amount: 5 });
  expect(tokens.read('order', token)).toBeUndefined();
});

test('equal content gives equal tokens, so that a repeated request gets the same one', () => {
  expect(createSignedTokens([SECRET]).sign('order', 'o-1')).toBe(
    createSignedTokens([SECRET]).sign('order', 'o-1'),
  );
});

test('a token of another secret is refused', () => {
  const token = createSignedTokens(['another secret of thirty-two characters']).sign('order', 'o-1');

  expect(createSignedTokens([SECRET]).read('order', token)).toBeUndefined();
});

test('the first secret signs and all verify, so that a secret can be replaced', () => {
  const before = createSignedTokens([SECRET]);
  const during = createSignedTokens([NEXT_SECRET, SECRET]);
  const after = createSignedTokens([NEXT_SECRET]);
  const old = before.sign('order', 'o-1');
  const fresh = during.sign('order', 'o-2');

  expect(during.read('order', old)).toBe('o-1');
  expect(during.read('order', fresh)).toBe('o-2');
  expect(fresh).toBe(after.sign('order', 'o-2'));
  expect(before.read('order', fresh)).toBeUndefined();
  expect(after.read('order', fresh)).toBe('o-2');
  expect(after.read('order', old)).toBeUndefined();
});

test('an empty list of secrets is an error', () => {
  expect(() => createSignedTokens([])).toThrow('no secret');
});

test('a token with any character changed is refused', () => {
  const tokens = createSignedTokens([SECRET]);
  const token = tokens.sign('order', { id: 'o-1' });

  const changed = Array.from(token, (character, index) => {
    return token.slice(0, index) + (character === 'A' ? 'B' : 'A') + token.slice(index + 1);
  });

  for (const forged of changed) expect(tokens.read('order', forged), forged).toBeUndefined();
});

test('a token has exactly one spelling', () => {
  const tokens = createSignedTokens([SECRET]);
  const token = tokens.sign('order', { id: 'o-1' });
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  // 43 characters hold 258 bits, and a MAC has 256: four last characters stand for the same bytes.
  const accepted = Array.from(alphabet, (last) => token.slice(0, -1) + last).filter((spelling) =>
    tokens.read('order', spelling),
  );
  expect(accepted).toEqual([token]);
  expect(tokens.read('order', `${token}=`)).toBeUndefined();
});

test('purpose and content cannot be shifted into each other', () => {
  const tokens = createSignedTokens([SECRET]);
  const [body, mac] = tokens.sign('order', 'x').split('.');

  expect(tokens.read(`order:${body}`, `.${mac}`)).toBeUndefined();
  expect(tokens.read('orde', `r${body}.${mac}`)).toBeUndefined();
});

test('a token expires', () => {
  let now = 1_000;
  const tokens = createSignedTokens([SECRET], () => now);
  const token = tokens.sign('result', 'paid', new Date(2_000));

  now = 1_999;
  expect(tokens.read('result', token)).toBe('paid');
  now = 2_000;
  expect(tokens.read('result', token)).toBeUndefined();
});

test('anything that is not a token is refused', () => {
  const tokens = createSignedTokens([SECRET]);

  for (const text of ['', '.', 'a.b', '\0', 'ی'.repeat(60), `${'a'.repeat(50_000)}.${'b'.repeat(43)}`]) {
    expect(tokens.read('order', text)).toBeUndefined();
  }
});

test('secrets are equal only when they are the same', () => {
  expect(equalSecrets('staff-token', 'staff-token')).toBe(true);
  expect(equalSecrets('staff-token', 'staff-tokem')).toBe(false);
  expect(equalSecrets('staff-token', 'staff-token-and-more')).toBe(false);
  expect(equalSecrets('', 'staff-token')).toBe(false);
});
