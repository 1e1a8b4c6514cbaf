import { isbot } from 'isbot';

import { TrackedView, TrackingBatchInput } from '../../entities/analytics/tracking.input';
import { defineNamespace, defineVerb } from '../registry';

/** What pages tell of a visit, as `POST /api/v1/analytics/events` takes it. */
export const TRACKING = defineNamespace({
  name: '/analytics/tracking',
  summary: 'What visitors do, as the pages of the shop tell it',
  who: 'anybody',
  verbs: {
    track: defineVerb({
      summary: 'Tell what a visitor did: at most 50 events, each once for its id',
      input: TrackingBatchInput,
      answer: TrackedView,
      action: 'analytics.track',
      guests: true,
      errors: ['tracking.full'],
      // Of guests it counts the address, behind which a mobile operator puts many people.
      limit: { limit: 600, windowSeconds: 60 },
      handle: ({ tracking, userAgent, address }, batch) =>
        tracking.track(batch, { isBot: userAgent === '' || isbot(userAgent), identity: address }),
    }),
  },
  follows: [],
});
