import { assertThat } from '../../entities/errors';
import { limitIdentityOf } from '../../platform/client-address';
import type { RateLimitGroup } from '../rate-limits';
import { guard, type ApiContext, type Guard } from './guard';
import { countRequest } from './rate-limit';
import { ACCESS_ERRORS, ACCESS_TOKEN, callerOf, type Access, type Caller } from './signed-in';

/** How much more often than one caller an address may call with tokens, because a mobile operator puts thousands behind one. */
const CALLERS_PER_ADDRESS = 20;

/** Who calls, if they have signed in. */
export interface MaybeCaller {
  readonly caller: Caller | undefined;
}

/**
 * Refuses a caller who called the routes of this group too often within a minute, and puts the caller into `ctx.state.caller`,
 * which is undefined for a guest. Guests are counted by address, callers who have signed in by account. The address that sends
 * tokens is counted first, so that checking invented ones has its limit too.
 */
export function limitCaller(group: RateLimitGroup, access: Access): Guard<MaybeCaller> {
  return guard({ errors: ['request.too_many', ...ACCESS_ERRORS] }, async (ctx) => ({
    caller: await countCaller(ctx, group, access),
  }));
}

/** {@link limitCaller} that demands the access token of a session that is alive, as `signedIn` does. */
export function limitSignedIn(group: RateLimitGroup, access: Access): Guard<{ readonly caller: Caller }> {
  const documentation = {
    security: [[ACCESS_TOKEN]],
    errors: ['request.too_many', 'access.token_missing', ...ACCESS_ERRORS],
  } as const;
  return guard(documentation, async (ctx) => {
    const caller = await countCaller(ctx, group, access);
    assertThat(caller, 'access.token_missing');
    return { caller };
  });
}

async function countCaller(
  ctx: ApiContext,
  group: RateLimitGroup,
  access: Access,
): Promise<Caller | undefined> {
  const address = limitIdentityOf(ctx.state.clientAddress);
  if (ctx.req.headers.authorization === undefined) {
    await countRequest(ctx, group, address);
    return undefined;
  }
  await countRequest(ctx, group, `tokens:${address}`, CALLERS_PER_ADDRESS);
  const caller = await callerOf(ctx, access);
  await countRequest(ctx, group, caller ? `account:${caller.accountId}` : address);
  return caller;
}

/** The caller that {@link limitCaller} found. */
export function callerIn(ctx: ApiContext): Caller | undefined {
  return (ctx.state as Partial<MaybeCaller>).caller;
}
