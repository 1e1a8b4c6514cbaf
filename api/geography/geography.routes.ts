import { PROVINCES } from '../../entities/geography/provinces';
import { describeRoute } from '../describe-route';
import { conditional } from '../middleware/conditional';
import { rateLimit } from '../middleware/rate-limit';
import type { PublicRouter } from '../router-kinds';
import { ProvincesView } from './geography.view';

/** The list changes with a release only. */
const CACHE_CONTROL = 'public, max-age=86400';

const ITEMS = PROVINCES.map(({ cities, ...province }) => ({ ...province, cities: [...cities] }));

/** Where parcels go. */
export function geographyRoutes(router: PublicRouter): void {
  router.get(
    '/provinces',
    [
      describeRoute({
        operation: 'listProvinces',
        tag: 'geography',
        summary: 'The provinces of Iran with their cities',
        description:
          'A city is the seat of a county or a larger one. Whoever lives elsewhere names the seat of their county.',
        answers: { 200: ProvincesView },
      }),
      rateLimit('catalog'),
      conditional(CACHE_CONTROL),
    ],
    () => ({ status: 200, body: { items: ITEMS } }),
  );
}
