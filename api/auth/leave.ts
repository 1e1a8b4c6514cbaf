import { AppError, assertThat } from '../../entities/errors';
import type { Dependencies } from '../dependencies';
import { guard, type ApiContext, type Guard } from '../middleware/guard';
import { ACCESS_TOKEN } from '../middleware/signed-in';
import type { SecurityScheme } from '../openapi/documentation';
import { SESSION_COOKIE } from './refresh';
import { readRefreshToken } from './refresh-token';
import { readSessionCookie, type CookieTerms } from './session-cookie';

const REFRESH_TOKEN: SecurityScheme = {
  id: 'refreshToken',
  scheme: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Refresh-Token',
    description: 'The refresh token of the session.',
  },
};

type LeaveDependencies = CookieTerms & Pick<Dependencies, 'accessTokens' | 'refreshTokens'>;

/**
 * Demands any token of a session, and puts the session into `ctx.state.leaving`. Whether it is alive does not matter: leaving
 * twice is leaving once.
 */
export function showsAnyToken(dependencies: LeaveDependencies): Guard<{ readonly leaving: string }> {
  const documentation = {
    security: [[ACCESS_TOKEN], [REFRESH_TOKEN], [SESSION_COOKIE]],
    errors: [
      'access.token_missing',
      'access.token_invalid',
      'auth.cookie_twice',
      'auth.cookies_off',
      'auth.origin_refused',
    ],
  } as const;
  return guard(documentation, async (ctx) => ({ leaving: await sessionOf(ctx, dependencies) }));
}

async function sessionOf(ctx: ApiContext, dependencies: LeaveDependencies): Promise<string> {
  const claims = await dependencies.accessTokens(ctx.req);
  if (claims === 'invalid') throw new AppError('access.token_invalid');
  if (claims !== 'missing') return claims.sessionId;
  const token = ctx.get('X-Refresh-Token') || readSessionCookie(ctx, dependencies);
  assertThat(token, 'access.token_missing');
  const shown = readRefreshToken(dependencies.refreshTokens, token);
  assertThat(shown, 'access.token_invalid');
  return shown.sessionId;
}
