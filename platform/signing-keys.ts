import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

/** The public half of a signing key, as `/.well-known/jwks.json` shows it (RFC 7517). */
export interface PublicKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

/** The keys of access tokens. The first one signs, all of them verify, and all are published without their private half. */
export interface SigningKeys {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** Undefined for a key that is not ours. */
  publicKeyOf(kid: unknown): KeyObject | undefined;
  readonly published: readonly PublicKey[];
}

/** A rotation needs two. */
const MOST_KEYS = 5;
const COORDINATE = /^[\w-]{43}$/;

/**
 * Reads a JWK Set of private ES256 keys, for example `{"keys":[{"kty":"EC","crv":"P-256","x":"…","y":"…","d":"…"}]}`. A key is
 * named by its thumbprint (RFC 7638), so names need no care.
 *
 * @throws Error whose message holds no part of a key
 */
export function readSigningKeys(text: string): SigningKeys {
  const keys = keysIn(text).map(readKey);
  const [first] = keys;
  if (!first) throw new Error('there is no key');
  if (keys.length > MOST_KEYS) throw new Error(`there are more than ${MOST_KEYS} keys`);
  const byKid = new Map<unknown, KeyObject>(
    keys.map(({ published, publicKey }) => [published.kid, publicKey]),
  );
  if (byKid.size < keys.length) throw new Error('a key is there twice');
  return {
    kid: first.published.kid,
    privateKey: first.privateKey,
    publicKeyOf: (kid) => byKid.get(kid),
    published: keys.map(({ published }) => published),
  };
}

/**
 * Reads a JWK Set of public keys, as `/.well-known/jwks.json` shows it, for a process that checks tokens and signs none.
 *
 * @throws Error that says what is wrong with it
 */
export function readPublicKeys(text: string): Pick<SigningKeys, 'publicKeyOf'> {
  const keys = keysIn(text).map(readPublicKey);
  if (keys.length === 0) throw new Error('there is no key');
  if (keys.length > MOST_KEYS) throw new Error(`there are more than ${MOST_KEYS} keys`);
  const byKid = new Map<unknown, KeyObject>(keys);
  return { publicKeyOf: (kid) => byKid.get(kid) };
}

/** A JWK Set with one new private key, as {@link readSigningKeys} reads it. */
export function makeSigningKeys(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify({ keys: [privateKey.export({ format: 'jwk' })] });
}

function keysIn(text: string): unknown[] {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
  const keys = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) throw new Error('it is not a JWK Set with a list of keys');
  return keys;
}

function readKey(jwk: unknown, index: number) {
  const { kty, crv, x, y, d } = (jwk ?? {}) as Record<string, unknown>;
  const isWhole = [x, y, d].every((part) => typeof part === 'string' && COORDINATE.test(part));
  if (kty !== 'EC' || crv !== 'P-256' || !isWhole) {
    throw new Error(`key ${index + 1} is not a private key of the curve P-256`);
  }
  const point = { kty: 'EC', crv: 'P-256', x: x as string, y: y as string } as const;
  try {
    const privateKey = createPrivateKey({ key: { ...point, d: d as string }, format: 'jwk' });
    const published: PublicKey = { ...point, kid: thumbprintOf(point), alg: 'ES256', use: 'sig' };
    return { privateKey, publicKey: createPublicKey(privateKey), published };
  } catch {
    throw new Error(`key ${index + 1} is not a point of the curve P-256 with its number`);
  }
}

function readPublicKey(jwk: unknown, index: number): [string, KeyObject] {
  const { kty, crv, x, y, ...others } = (jwk ?? {}) as Record<string, unknown>;
  if ('d' in others) throw new Error(`key ${index + 1} is a private key, which belongs to the API alone`);
  const isWhole = [x, y].every((part) => typeof part === 'string' && COORDINATE.test(part));
  if (kty !== 'EC' || crv !== 'P-256' || !isWhole) {
    throw new Error(`key ${index + 1} is not a public key of the curve P-256`);
  }
  const point = { kty: 'EC', crv: 'P-256', x: x as string, y: y as string } as const;
  try {
    return [thumbprintOf(point), createPublicKey({ key: point, format: 'jwk' })];
  } catch {
    throw new Error(`key ${index + 1} is not a point of the curve P-256`);
  }
}

/** RFC 7638: the required members in alphabetical order, without white space. */
function thumbprintOf({ kty, crv, x, y }: Pick<PublicKey, 'kty' | 'crv' | 'x' | 'y'>): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
