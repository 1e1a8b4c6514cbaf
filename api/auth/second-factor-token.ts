import { isUuid } from '../../entities/values/uuid';
import type { SignedTokens } from '../../platform/signed-token';

/** Who has typed a right code and now has to show a second factor. */
export interface SecondFactorClaims {
  /** The used code. It opens at most one session. */
  readonly verificationId: string;
  readonly accountId: string;
}

const PURPOSE = 'second factor';
const LIFE_MS = 5 * 60_000;

/** A token that stands between the code and the second factor. It is no session and opens nothing by itself. */
export function signSecondFactorToken(
  tokens: SignedTokens,
  { verificationId, accountId }: SecondFactorClaims,
  now: number = Date.now(),
): { readonly token: string; readonly expiresAt: Date } {
  const expiresAt = new Date(now + LIFE_MS);
  return { token: tokens.sign(PURPOSE, [verificationId, accountId], expiresAt), expiresAt };
}

/** Undefined for a token that is not ours or is older than 5 minutes. */
export function readSecondFactorToken(tokens: SignedTokens, token: string): SecondFactorClaims | undefined {
  const payload = tokens.read(PURPOSE, token);
  if (!Array.isArray(payload)) return undefined;
  const [verificationId, accountId] = payload as readonly unknown[];
  return isId(verificationId) && isId(accountId) ? { verificationId, accountId } : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
