import type { Role } from '../../entities/auth/policy';
import type { LiveSession } from '../../entities/auth/read-live-sessions';
import { AppError, assertThat } from '../../entities/errors';
import type { AccessTokenReader } from '../../platform/access-token';
import type { LiveSessions } from '../auth/live-sessions';
import type { SecurityScheme } from '../openapi/documentation';
import { guard, type ApiContext, type Guard } from './guard';

export const ACCESS_TOKEN: SecurityScheme = {
  id: 'accessToken',
  scheme: {
    type: 'http',
    scheme: 'bearer',
    description: 'The access token that came with signing in or the last refresh.',
  },
};

/** Who sends a request, as the rows have it. */
export interface Caller {
  readonly accountId: string;
  readonly sessionId: string;
  readonly roles: readonly Role[];
  /** When the person last proved all factors. */
  readonly provedAt: Date;
}

/** What knows callers. */
export interface Access {
  readonly accessTokens: AccessTokenReader;
  readonly liveSessions: LiveSessions;
}

/** Refusals of access tokens. */
export const ACCESS_ERRORS = ['access.token_invalid', 'auth.session_over', 'service.unavailable'] as const;

/** Demands the access token of a session that is alive, and puts its person into `ctx.state.caller`. */
export function signedIn(access: Access): Guard<{ readonly caller: Caller }> {
  const documentation = {
    security: [[ACCESS_TOKEN]],
    errors: ['access.token_missing', ...ACCESS_ERRORS],
  } as const;
  return guard(documentation, async (ctx) => {
    const caller = await callerOf(ctx, access);
    assertThat(caller, 'access.token_missing');
    return { caller };
  });
}

/** {@link signedIn} for what guests may do as well: without a token there is no caller. A token that is not good is refused. */
export function maybeSignedIn(access: Access): Guard<{ readonly caller: Caller | undefined }> {
  return guard({ security: [[], [ACCESS_TOKEN]], errors: ACCESS_ERRORS }, async (ctx) => ({
    caller: await callerOf(ctx, access),
  }));
}

/** The person whose access token the request shows. Undefined without one. */
export async function callerOf(
  ctx: ApiContext,
  { accessTokens, liveSessions }: Access,
): Promise<Caller | undefined> {
  const claims = await accessTokens(ctx.req);
  if (claims === 'missing') return undefined;
  if (claims === 'invalid') throw new AppError('access.token_invalid');
  const { sessionId, accountId, generation } = claims;
  const session = await sessionOf(liveSessions, sessionId, generation);
  assertThat(session?.accountId === accountId, 'auth.session_over');
  await liveSessions.confirm(session, generation);
  return { accountId, sessionId, roles: ['customer', ...session.roles], provedAt: session.provedAt };
}

/** The session with this generation. Another process may have refreshed it since this one has read it. */
async function sessionOf(
  liveSessions: LiveSessions,
  sessionId: string,
  generation: number,
): Promise<LiveSession | undefined> {
  const known = await liveSessions.find(sessionId);
  if (!known || generation <= known.generation) return known;
  liveSessions.forget(sessionId);
  const session = await liveSessions.find(sessionId);
  // A token that is newer than the row was given out before the rows were restored from an older dump.
  return session && generation <= session.generation ? session : undefined;
}
