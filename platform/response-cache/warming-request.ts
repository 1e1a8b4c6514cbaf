import type { SignedTokens } from '../signed-token';

/** Shows the API that a request warms its cache. */
export const WARMING_HEADER = 'asoud-warming';
/** Where the answer to such a request came from, as RFC 9211 has it. */
export const CACHE_STATUS_HEADER = 'cache-status';

const PURPOSE = 'warming';
const LIFE_MS = 300_000;

/** Signs the header of a run's requests. It is good for five minutes. */
export function signWarming(tokens: SignedTokens): string {
  return tokens.sign(PURPOSE, true, new Date(Date.now() + LIFE_MS));
}

/** Whether a header says that its request warms the cache. Nobody else can say so. */
export function isWarming(tokens: SignedTokens, header: string): boolean {
  return header !== '' && tokens.read(PURPOSE, header) === true;
}

/** @param isLoaded whether the answer came from a load, and not from the cache */
export function cacheStatusOf(isLoaded: boolean): string {
  return isLoaded ? 'asoud; fwd=miss' : 'asoud; hit';
}

/** Whether a cache had the answer, by its status. */
export function wasHit(status: string | undefined): boolean {
  return status === cacheStatusOf(false);
}
