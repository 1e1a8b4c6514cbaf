import type { SessionKind } from '../../entities/auth/session';
import { signAccessToken, type AccessClaims } from '../../platform/access-token';
import type { Dependencies } from '../dependencies';
import { guard, type Guard } from '../middleware/guard';
import { signRefreshToken } from './refresh-token';
import { assertCookieAllowed, setSessionCookie, type CookieJar, type CookieTerms } from './session-cookie';
import type { SessionView } from './session.view';

/** Where a caller wants its refresh token. It never gets both. */
export const DELIVERIES = ['body', 'cookie'] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** A generation of a session that is alive. */
export interface DeliveredSession extends AccessClaims {
  readonly kind: SessionKind;
}

/** Signs the access token and the refresh token of a session. The refresh token goes into the body or into the cookie. */
export function deliverSession(
  ctx: CookieJar,
  dependencies: CookieTerms & Pick<Dependencies, 'signingKeys' | 'authConfig' | 'refreshTokens'>,
  session: DeliveredSession,
  delivery: Delivery,
): SessionView {
  const { signingKeys, authConfig, refreshTokens, publicUrl } = dependencies;
  const expiresIn = authConfig.accessTokenSeconds;
  const accessToken = signAccessToken(signingKeys, { issuer: publicUrl, lifeSeconds: expiresIn }, session);
  const refreshToken = signRefreshToken(refreshTokens, session);
  const { sessionId, kind } = session;
  if (delivery === 'cookie') setSessionCookie(ctx, dependencies, { refreshToken, kind });
  return { sessionId, accessToken, expiresIn, refreshToken: delivery === 'body' ? refreshToken : null };
}

/**
 * Refuses a request for a cookie that may not have one, before anything is used up. It comes after `validate`, whose input says
 * where the refresh token goes.
 */
export function mayDeliver(terms: CookieTerms): Guard {
  return guard({ errors: ['auth.origin_refused', 'auth.cookies_off'] }, (ctx) => {
    const { input } = ctx.state as unknown as { input: { readonly delivery: Delivery } };
    if (input.delivery === 'cookie') assertCookieAllowed(ctx, terms);
  });
}
