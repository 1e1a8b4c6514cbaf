import { limitIdentityOf } from '../../platform/client-address';
import { isWarming, WARMING_HEADER } from '../../platform/response-cache/warming-request';
import type { SignedTokens } from '../../platform/signed-token';
import { guard, type Guard } from '../middleware/guard';
import { countRequest } from '../middleware/rate-limit';

/** Whether the worker asks, to warm the cache. */
export interface MaybeWarming {
  readonly isWarming: boolean;
}

/**
 * Refuses an address that read the catalogue too often within a minute. The requests that warm the cache have a limit of their own,
 * wherever they come from.
 */
export function limitReaders(tokens: SignedTokens): Guard<MaybeWarming> {
  return guard({ errors: ['request.too_many'] }, (ctx) => {
    const warms = isWarming(tokens, ctx.get(WARMING_HEADER));
    const counted = warms
      ? countRequest(ctx, 'warming', 'all')
      : countRequest(ctx, 'catalog', limitIdentityOf(ctx.state.clientAddress));
    const added = { isWarming: warms };
    return counted instanceof Promise ? counted.then(() => added) : added;
  });
}
