import { FRESH_MS, needsFreshProof, reachOf, type Action } from '../../entities/auth/policy';
import { AppError, assertThat, type ErrorCode } from '../../entities/errors';
import { guard, type Guard } from './guard';
import type { Caller } from './signed-in';

/**
 * Demands that the policy lets the caller do this, and puts the scope into `ctx.state.ownerId`: the account whose objects alone
 * may be touched, or null for everybody's. It belongs into the `WHERE` of the statement, so that what is foreign is not found.
 * It comes after `signedIn`.
 */
export function may(action: Action): Guard<{ readonly ownerId: string | null }> {
  const isFresh = needsFreshProof(action);
  const errors: ErrorCode[] = isFresh ? ['access.forbidden', 'auth.proof_needed'] : ['access.forbidden'];
  return guard({ action, errors }, (ctx) => {
    const { accountId, roles, provedAt } = (ctx.state as unknown as { caller: Caller }).caller;
    const reach = reachOf(action, roles);
    assertThat(reach, 'access.forbidden');
    if (isFresh && Date.now() - provedAt.getTime() > FRESH_MS) throw new AppError('auth.proof_needed');
    return { ownerId: reach === 'any' ? null : accountId };
  });
}
