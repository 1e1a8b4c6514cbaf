import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { rateLimit } from '../middleware/rate-limit';
import type { PublicRouter } from '../router-kinds';
import { PublicKeysView } from './auth.view';

/** What others need to check access tokens themselves (RFC 7517). */
export function jwksRoutes(router: PublicRouter, { signingKeys }: Pick<Dependencies, 'signingKeys'>): void {
  router.get(
    '/.well-known/jwks.json',
    [
      describeRoute({
        operation: 'listPublicKeys',
        tag: 'auth',
        summary: 'The public keys of access tokens',
        description:
          'Read it again when a token names an unknown key, at most once a minute. Whether a session is alive is not in the token.',
        answers: { 200: PublicKeysView },
      }),
      rateLimit('auth'),
    ],
    () => ({
      status: 200,
      headers: { 'Cache-Control': 'public, max-age=300' },
      body: { keys: [...signingKeys.published] },
    }),
  );
}
