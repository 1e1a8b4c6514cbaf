import { isbot } from 'isbot';

import { TrackedView, TrackingBatchInput } from '../../entities/analytics/tracking.input';
import { limitIdentityOf } from '../../platform/client-address';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { rateLimit } from '../middleware/rate-limit';
import { validate } from '../middleware/validate';
import type { PublicRouter } from '../router-kinds';

/** What browsers tell of a visit. */
export function trackingRoutes(router: PublicRouter, { tracking }: Pick<Dependencies, 'tracking'>): void {
  router.post(
    '/analytics/events',
    [
      describeRoute({
        operation: 'trackEvents',
        tag: 'analytics',
        summary: 'Tell what a visitor did',
        description:
          'For scripts of the shop’s pages: `fetch` with `keepalive`, or `sendBeacon` with a blob of JSON. Each event has an id that its page made; sending it again within a day changes nothing. After a 503 send the same events again.',
        answers: { 202: TrackedView },
        errors: ['tracking.full', 'service.unavailable'],
      }),
      rateLimit('tracking'),
      validate(TrackingBatchInput),
    ],
    async (ctx) => {
      const userAgent = ctx.get('User-Agent');
      const isBot = userAgent === '' || isbot(userAgent);
      const identity = limitIdentityOf(ctx.state.clientAddress);
      return { status: 202, body: await tracking.track(ctx.state.input, { isBot, identity }) };
    },
  );
}
