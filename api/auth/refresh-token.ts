import type { RefreshSession } from '../../entities/auth/refresh-session';
import { isUuid } from '../../entities/values/uuid';
import type { SignedTokens } from '../../platform/signed-token';

const PURPOSE = 'refresh';

/** The refresh token of a session and a generation. It is always the same one, so an answer that was lost can be repeated. */
export function signRefreshToken(
  refreshTokens: SignedTokens,
  { sessionId, generation }: RefreshSession,
): string {
  return refreshTokens.sign(PURPOSE, [sessionId, generation]);
}

/** Undefined for a token that is not ours. Whether its session is alive is in the rows. */
export function readRefreshToken(refreshTokens: SignedTokens, token: string): RefreshSession | undefined {
  const payload = refreshTokens.read(PURPOSE, token);
  if (!Array.isArray(payload)) return undefined;
  const [sessionId, generation] = payload as readonly unknown[];
  const isOurs = typeof sessionId === 'string' && isUuid(sessionId) && typeof generation === 'number';
  return isOurs ? { sessionId, generation } : undefined;
}
