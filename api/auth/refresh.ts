import type { Context } from 'koa';

import { refreshSession, type RefreshSession } from '../../entities/auth/refresh-session';
import { AppError, assertThat } from '../../entities/errors';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { guard, type Guard, type RequestState } from '../middleware/guard';
import type { SecurityScheme } from '../openapi/documentation';
import { createAuthMetrics } from './auth-metrics';
import type { RefreshInput } from './auth.input';
import type { DeliveredSession, Delivery } from './deliver-session';
import { readRefreshToken } from './refresh-token';
import { clearSessionCookie, readSessionCookie, type CookieJar, type CookieTerms } from './session-cookie';

export const SESSION_COOKIE: SecurityScheme = {
  id: 'sessionCookie',
  scheme: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-asoud-session',
    description:
      'The refresh token of a session with delivery `cookie`, from a page of the shop only. Over plain http its name has no prefix.',
  },
};

/** A refresh token that is ours, and where the next one goes. */
export interface ShownRefreshToken {
  readonly shown: RefreshSession;
  readonly delivery: Delivery;
}

/** Demands a refresh token in the body or in the cookie. The next one goes where this one came from. It comes after `validate`. */
export function showsRefreshToken(
  dependencies: CookieTerms & Pick<Dependencies, 'refreshTokens'>,
): Guard<{ readonly refresh: ShownRefreshToken }> {
  const documentation = {
    security: [[SESSION_COOKIE], []],
    errors: [
      'access.token_missing',
      'access.token_invalid',
      'auth.cookie_twice',
      'auth.cookies_off',
      'auth.origin_refused',
    ],
  } as const;
  return guard(documentation, (ctx) => {
    const { refreshToken } = (ctx.state as unknown as { input: RefreshInput }).input;
    const token = refreshToken ?? readSessionCookie(ctx, dependencies);
    assertThat(token, 'access.token_missing');
    const shown = readRefreshToken(dependencies.refreshTokens, token);
    assertThat(shown, 'access.token_invalid');
    return { refresh: { shown, delivery: refreshToken === undefined ? 'cookie' : 'body' } };
  });
}

/**
 * Exchanges the refresh token. An old one has ended the session, which the log tells: somebody else has a copy.
 *
 * @throws AppError `auth.session_over`
 */
export async function refresh(
  ctx: CookieJar & Pick<Context, 'get'> & { readonly state: Pick<RequestState, 'log'> },
  {
    database,
    liveSessions,
    metrics,
    ...terms
  }: CookieTerms & Pick<Dependencies, 'database' | 'liveSessions' | 'metrics'>,
  { shown, delivery }: ShownRefreshToken,
): Promise<DeliveredSession> {
  const { sessionId } = shown;
  const refreshed = await withTransaction(database, (transaction) => refreshSession(transaction, shown));
  const { verdict } = refreshed;
  createAuthMetrics(metrics).refreshed(verdict);
  liveSessions.forget(sessionId);
  if (verdict === 'rotated' || verdict === 'repeated') return { ...refreshed, sessionId };
  if (verdict === 'reused') {
    ctx.state.log.warn(
      { sessionId, event: 'refresh_token_reused' },
      'an old refresh token ended its session',
    );
  }
  if (delivery === 'cookie') clearSessionCookie(ctx, terms);
  throw new AppError('auth.session_over');
}
