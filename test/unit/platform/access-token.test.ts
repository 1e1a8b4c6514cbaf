import { createHmac, createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { calculateJwkThumbprint, createLocalJWKSet, importJWK, jwtVerify, SignJWT, type JWK } from 'jose';
import { describe, expect, test } from 'vitest';

import { createAccessTokenReader, signAccessToken, type AccessClaims } from '../../../platform/access-token';
import { loadConfig } from '../../../platform/config/load-config';
import { RealtimeConfig } from '../../../platform/config/realtime';
import { makeSigningKeys, readPublicKeys, readSigningKeys } from '../../../platform/signing-keys';

const ISSUER = 'https://shop.example';
const KEYS_TEXT = makeSigningKeys();
const keys = readSigningKeys(KEYS_TEXT);
const read = createAccessTokenReader(keys, ISSUER);
const claims: AccessClaims = { accountId: randomUUID(), sessionId: randomUUID(), generation: 3 };
const now = () => Math.floor(Date.now() / 1000);

function request(...authorization: string[]): IncomingMessage {
  const given = authorization.length > 0;
  return {
    headers: given ? { authorization: authorization[0] } : {},
    headersDistinct: given ? { authorization } : {},
  } as unknown as IncomingMessage;
}

const bearer = (token: string) => read(request(`Bearer ${token}`));

/** A token of another maker with our key, right but for what a test changes. */
async function forge({
  header = {},
  payload = {},
  key,
}: {
  header?: Record<string, unknown>;
  payload?: Record<string, unknown>;
  key?: JWK;
} = {}): Promise<string> {
  const all = {
    iss: ISSUER,
    aud: 'asoud',
    sub: claims.accountId,
    sid: claims.sessionId,
    gen: 3,
    iat: now(),
    exp: now() + 300,
    ...payload,
  };
  const ours = (JSON.parse(KEYS_TEXT) as { keys: JWK[] }).keys[0]!;
  return new SignJWT(JSON.parse(JSON.stringify(all)) as Record<string, unknown>)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: keys.kid, ...header })
    .sign(await importJWK(key ?? ours, 'ES256'));
}

test('a token is read by us and by another library, and says nothing personal', async () => {
  const token = signAccessToken(keys, { issuer: ISSUER, lifeSeconds: 300 }, claims);

  expect(await bearer(token)).toEqual(claims);
  const seen = await jwtVerify(token, createLocalJWKSet({ keys: [...keys.published] }), {
    issuer: ISSUER,
    audience: 'asoud',
    typ: 'at+jwt',
    algorithms: ['ES256'],
  });
  expect(Object.keys(seen.payload).toSorted()).toEqual(['aud', 'exp', 'gen', 'iat', 'iss', 'sid', 'sub']);
  expect(await bearer(await forge())).toEqual(claims);
});

test('no token lives longer than ten minutes, whatever the settings say', async () => {
  const token = signAccessToken(keys, { issuer: ISSUER, lifeSeconds: 86_400 }, claims);

  expect(await bearer(token)).toEqual(claims);
  expect(await bearer(await forge({ payload: { exp: now() + 601 } }))).toBe('invalid');
});

test('a request without the header has no token, one with two has none that is good', async () => {
  const token = await forge();

  expect(await read(request())).toBe('missing');
  expect(await read(request(`bearer ${token}`))).toEqual(claims);
  expect(await read(request(`Bearer ${token}`, `Bearer ${token}`))).toBe('invalid');
  for (const header of ['', 'Bearer', 'Basic dXNlcjpwdw==', token, `Bearer ${token} x`]) {
    expect(await read(request(header)), header).toBe('invalid');
  }
});

const UNEXPECTED_CLAIMS: readonly [string, Record<string, unknown>][] = [
  ['without an end', { exp: undefined }],
  ['that has ended', { exp: now() - 10, iat: now() - 200 }],
  ['from the future', { iat: now() + 60 }],
  ['not valid yet', { nbf: now() + 60 }],
  ['of another audience', { aud: 'other' }],
  ['of another issuer', { iss: 'https://other.example' }],
  ['without a subject', { sub: undefined }],
  ['whose subject is no id', { sub: '1 OR 1=1' }],
  ['whose session is no id', { sid: { toString: 'x' } }],
  ['whose generation is no number', { gen: '3' }],
  ['whose generation is zero', { gen: 0 }],
  ['without an instant of issue', { iat: undefined }],
  ['whose end is no integer', { exp: now() + 100.5 }],
];

test.each(UNEXPECTED_CLAIMS)('a token %s is refused', async (_, payload) => {
  expect(await bearer(await forge({ payload }))).toBe('invalid');
});

const UNEXPECTED_HEADERS: readonly [string, Record<string, unknown>][] = [
  ['another type', { typ: 'JWT' }],
  ['an unknown key', { kid: 'unknown' }],
  ['a key of the prototype', { kid: '__proto__' }],
  ['a key that is no text', { kid: ['a'] }],
  ['no key', { kid: undefined }],
];

test.each(UNEXPECTED_HEADERS)('a token that names %s is refused', async (_, header) => {
  expect(await bearer(await forge({ header }))).toBe('invalid');
});

describe('a token is refused', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = part({
    iss: ISSUER,
    aud: 'asoud',
    sub: claims.accountId,
    sid: claims.sessionId,
    gen: 3,
    iat: now(),
    exp: now() + 300,
  });

  test('without a signature', async () => {
    const header = part({ alg: 'none', typ: 'at+jwt', kid: keys.kid });
    expect(await bearer(`${header}.${body}.`)).toBe('invalid');
    expect(await bearer(`${header}.${body}.AAAA`)).toBe('invalid');
  });

  test('signed with the public key as a password', async () => {
    const header = part({ alg: 'HS256', typ: 'at+jwt', kid: keys.kid });
    const secret = keys.publicKeyOf(keys.kid)!.export({ type: 'spki', format: 'pem' });
    const mac = createHmac('sha256', secret).update(`${header}.${body}`).digest('base64url');
    expect(await bearer(`${header}.${body}.${mac}`)).toBe('invalid');
  });

  test('signed with a key of a stranger, also one that it brings along', async () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = stranger.privateKey.export({ format: 'jwk' }) as JWK;
    const { d: _, ...jwk } = key;
    expect(await bearer(await forge({ key }))).toBe('invalid');
    expect(await bearer(await forge({ key, header: { jwk } }))).toBe('invalid');
  });

  const signed = (header: object, dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363') => {
    const ours = (JSON.parse(KEYS_TEXT) as { keys: JWK[] }).keys[0]!;
    const text = `${part({ alg: 'ES256', typ: 'at+jwt', kid: keys.kid, ...header })}.${body}`;
    const key = createPrivateKey({ key: ours as Record<string, string>, format: 'jwk' });
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding }).toString('base64url')}`;
  };

  test('with an extension that must be understood', async () => {
    expect(await bearer(signed({}))).toEqual(claims);
    expect(await bearer(signed({ crit: ['b64'], b64: true }))).toBe('invalid');
  });

  test('with a signature in the form of certificates', async () => {
    expect(await bearer(signed({}, 'der'))).toBe('invalid');
  });

  test('in another spelling of itself', async () => {
    const token = await forge();
    // 64 bytes are 86 characters, and the last one has four bits without meaning.
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = last[last.indexOf(token.at(-1)!) ^ 1]!;
    expect(await bearer(token.slice(0, -1) + other)).toBe('invalid');
    expect(await bearer(`${token}=`)).toBe('invalid');
  });

  test('that is rubbish or too long', async () => {
    const [header, payload, signature] = (await forge()).split('.');
    const rubbish = ['a.b.c', '..', `${part(null)}.${body}.AAAA`, `${part([])}.${body}.AAAA`];
    const long = await forge({ payload: { pad: 'x'.repeat(8_000) } });
    for (const token of [...rubbish, long, `${header}.${payload}`, `${header}.${signature}.${payload}`]) {
      expect(await bearer(token), token.slice(0, 80)).toBe('invalid');
    }
    expect(await bearer(await forge({ payload: { sub: undefined, iss: undefined } }))).toBe('invalid');
  });
});

test('requests that overlap are not mixed up', async () => {
  const mine = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const accountId = randomUUID();
      const token = await forge({ payload: { sub: accountId, ...(index % 2 ? {} : { aud: 'other' }) } });
      return { accountId, token, isGood: index % 2 === 1 };
    }),
  );
  const answers = await Promise.all(mine.map(({ token }) => bearer(token)));

  expect(answers).toEqual(
    mine.map(({ accountId, isGood }) => (isGood ? { ...claims, accountId } : 'invalid')),
  );
});

test('keys rotate: the first signs, all verify, and a removed one is refused', async () => {
  const set = (...texts: string[]) =>
    readSigningKeys(
      JSON.stringify({ keys: texts.flatMap((text) => (JSON.parse(text) as { keys: JWK[] }).keys) }),
    );
  const next = makeSigningKeys();
  const terms = { issuer: ISSUER, lifeSeconds: 300 };
  const old = signAccessToken(keys, terms, claims);
  const during = set(next, KEYS_TEXT);
  const after = set(next);

  expect(await createAccessTokenReader(during, ISSUER)(request(`Bearer ${old}`))).toEqual(claims);
  const fresh = signAccessToken(during, terms, claims);
  expect(await createAccessTokenReader(after, ISSUER)(request(`Bearer ${fresh}`))).toEqual(claims);
  expect(await createAccessTokenReader(after, ISSUER)(request(`Bearer ${old}`))).toBe('invalid');
});

test('keys are published without their private half, named by their thumbprint', async () => {
  expect(keys.published).toHaveLength(1);
  expect(Object.keys(keys.published[0]!).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  expect(keys.kid).toBe(await calculateJwkThumbprint(keys.published[0] as unknown as JWK));
});

test('keys that cannot sign are refused in words that show no part of them', () => {
  const [key] = (JSON.parse(KEYS_TEXT) as { keys: Record<string, string>[] }).keys;
  const [other] = (JSON.parse(makeSigningKeys()) as { keys: Record<string, string>[] }).keys;
  const set = (...all: unknown[]) => JSON.stringify({ keys: all });

  expect(() => readSigningKeys('secret words')).toThrow(/^it is not JSON$/);
  expect(() => readSigningKeys('[]')).toThrow(/not a JWK Set/);
  expect(() => readSigningKeys(set())).toThrow('there is no key');
  expect(() => readSigningKeys(set({ ...key, d: undefined }))).toThrow(/^key 1 is not a private key/);
  expect(() => readSigningKeys(set(key, { ...other, crv: 'P-384' }))).toThrow(/^key 2 is not a private key/);
  expect(() => readSigningKeys(set({ ...key, x: key!['y'] }))).toThrow(/^key 1 is not a point/);
  expect(() => readSigningKeys(set(key, key))).toThrow('a key is there twice');
  expect(() => readSigningKeys(set(...Array.from({ length: 6 }, () => key)))).toThrow(/more than 5/);
});

describe('the public keys of a process that signs nothing', () => {
  const published = keys.published[0]!;
  const set = (...jwks: readonly unknown[]) => JSON.stringify({ keys: jwks });

  test('are those that the API publishes, whatever else it says of them', async () => {
    const { publicKeyOf } = readPublicKeys(set(published));
    const reader = createAccessTokenReader({ publicKeyOf }, ISSUER);
    const token = signAccessToken(keys, { issuer: ISSUER, lifeSeconds: 300 }, claims);
    expect(await reader(request(`Bearer ${token}`))).toEqual(claims);
    expect(publicKeyOf('another')).toBeUndefined();
    expect(publicKeyOf(undefined)).toBeUndefined();
  });

  const secret = (JSON.parse(KEYS_TEXT) as { keys: { d: string }[] }).keys[0]!;
  test.each([
    ['no JSON', 'keys', 'it is not JSON'],
    ['no set', '[]', 'it is not a JWK Set with a list of keys'],
    ['no key', set(), 'there is no key'],
    ['too many', set(...Array.from({ length: 6 }, () => published)), 'there are more than 5 keys'],
    ['a private key', set(secret), 'key 1 is a private key, which belongs to the API alone'],
    ['nothing', set(null), 'key 1 is not a public key of the curve P-256'],
    ['another curve', set({ ...published, crv: 'P-384' }), 'key 1 is not a public key of the curve P-256'],
    ['a short coordinate', set({ ...published, x: 'AA' }), 'key 1 is not a public key of the curve P-256'],
    [
      'no point',
      set(published, { ...published, x: published.y, y: published.x }),
      'key 2 is not a point of the curve P-256',
    ],
  ])('are refused with %s, and the reason holds no key', (_what, text, reason) => {
    expect(() => readPublicKeys(text)).toThrow(reason);
    const load = () => loadConfig({ realtime: RealtimeConfig }, { PUBLIC_KEYS: text });
    expect(load).toThrow('PUBLIC_KEYS');
    expect(load).toThrow(reason);
    expect(load).not.toThrow(secret.d);
  });
});
