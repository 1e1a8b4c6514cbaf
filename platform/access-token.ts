import type { IncomingMessage } from 'node:http';

import { sign } from 'jsonwebtoken';
import { Strategy, type JwtFromRequestFunction, type SecretOrKeyProvider } from 'passport-jwt';

import type { SigningKeys } from './signing-keys';

/** What an access token says. It holds no role, name or number: those are read from rows, so that they count at once. */
export interface AccessClaims {
  readonly accountId: string;
  readonly sessionId: string;
  /** Which generation of the session's refresh token it came with. */
  readonly generation: number;
}

export interface AccessTokenTerms {
  /** The shop's public address. */
  readonly issuer: string;
  /** At most {@link LONGEST_LIFE_SECONDS}. */
  readonly lifeSeconds: number;
}

/** Nothing revokes a token but the row of its session, so no token may live longer, whoever signed it. */
export const LONGEST_LIFE_SECONDS = 600;

const AUDIENCE = 'asoud';
const ALGORITHM = 'ES256';
const TYPE = 'at+jwt';
/** How far the clocks of two machines may differ, in seconds. */
const CLOCK_TOLERANCE = 5;
/** Ours have about 400 characters. */
const LONGEST_TOKEN = 2_048;
const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Signs an access token with the newest key. */
export function signAccessToken(
  keys: SigningKeys,
  { issuer, lifeSeconds }: AccessTokenTerms,
  { accountId, sessionId, generation }: AccessClaims,
): string {
  return sign({ sid: sessionId, gen: generation }, keys.privateKey, {
    header: { alg: ALGORITHM, typ: TYPE, kid: keys.kid },
    algorithm: ALGORITHM,
    subject: accountId,
    issuer,
    audience: AUDIENCE,
    expiresIn: Math.min(lifeSeconds, LONGEST_LIFE_SECONDS),
  });
}

/** What an access token that is good now says. */
export interface CheckedToken extends AccessClaims {
  readonly expiresAt: Date;
}

/** Checks an access token by itself. Undefined for one that is not good now. */
export type AccessTokenCheck = (token: string) => Promise<CheckedToken | undefined>;

/** Reads the access token of a request; `missing` without one, `invalid` for one that is not good now. */
export type AccessTokenReader = (request: IncomingMessage) => Promise<AccessClaims | 'missing' | 'invalid'>;

/** Reads the access token in the `Authorization` header of a request. */
export function createAccessTokenReader(
  keys: Pick<SigningKeys, 'publicKeyOf'>,
  issuer: string,
): AccessTokenReader {
  const check = createAccessTokenCheck(keys, issuer);
  return async (request) => {
    if (request.headers.authorization === undefined) return 'missing';
    const token = bearerOf(request);
    const checked = token === undefined ? undefined : await check(token);
    if (!checked) return 'invalid';
    const { expiresAt: _expiresAt, ...claims } = checked;
    return claims;
  };
}

/**
 * Checks access tokens with passport-jwt's strategy, without passport. The strategy alone accepts tokens without `exp`, with
 * an `iat` in the future, with `crit` and of any `typ`, so the rest is demanded here.
 */
export function createAccessTokenCheck(
  keys: Pick<SigningKeys, 'publicKeyOf'>,
  issuer: string,
): AccessTokenCheck {
  const strategy = new Strategy(
    {
      jwtFromRequest: (({ token }: { token: string }) => token) as unknown as JwtFromRequestFunction,
      secretOrKeyProvider: keyFor(keys),
      algorithms: [ALGORITHM],
      issuer,
      audience: AUDIENCE,
      jsonWebTokenOptions: { clockTolerance: CLOCK_TOLERANCE },
    },
    (payload: unknown, done) => done(null, claimsIn(payload, Date.now() / 1000) ?? false),
  );
  return async (token) => {
    if (token.length > LONGEST_TOKEN || !FORM.test(token)) return undefined;
    return new Promise((resolve, reject) => {
      // A copy for each token: the strategy keeps its callbacks in itself, and checks overlap.
      const check = Object.create(strategy) as Strategy;
      check.success = (claims: unknown) => resolve(claims as CheckedToken);
      check.fail = () => resolve(undefined);
      check.error = reject;
      check.authenticate({ token } as never);
    });
  };
}

/** The token of a request with one `Authorization` header. Two could be read differently by a proxy. */
function bearerOf(request: IncomingMessage): string | undefined {
  const given = request.headersDistinct['authorization'] ?? [];
  const [, token] = /^Bearer +(\S+)$/i.exec(given[0]!) ?? [];
  return given.length === 1 ? token : undefined;
}

/** Finds the key by the token's own header, of which nothing else is believed. */
function keyFor({ publicKeyOf }: Pick<SigningKeys, 'publicKeyOf'>): SecretOrKeyProvider {
  return (_request, token: string, done) => {
    const [header, , signature] = token.split('.');
    const { alg, typ, kid, ...others } = objectIn(header!) ?? {};
    const key = alg === ALGORITHM && typ === TYPE && !('crit' in others) ? publicKeyOf(kid) : undefined;
    // The last character of a signature has bits that mean nothing: a token has one spelling.
    const isExact = Buffer.from(signature!, 'base64url').toString('base64url') === signature;
    if (key && isExact) done(null, key as never);
    else done(new Error('no key of ours'));
  };
}

function objectIn(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** @param now in seconds */
function claimsIn(payload: unknown, now: number): CheckedToken | undefined {
  const { sub, sid, gen, iat, exp } = (payload ?? {}) as Record<string, unknown>;
  if (!isUuid(sub) || !isUuid(sid) || !isCount(gen) || gen < 1) return undefined;
  if (!isCount(iat) || !isCount(exp) || exp - iat > LONGEST_LIFE_SECONDS) return undefined;
  if (iat > now + CLOCK_TOLERANCE) return undefined;
  return { accountId: sub, sessionId: sid, generation: gen, expiresAt: new Date(exp * 1_000) };
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
