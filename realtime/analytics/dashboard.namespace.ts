import { FiguresView } from '../../entities/analytics/figures.view';
import { readFigures } from '../../entities/analytics/read-figures';
import { defineNamespace, defineVerb } from '../registry';
import { DoneView, followList } from '../subscribe-to';

const ROOM = 'dashboard';

/** There is one dashboard. */
export class WatchInput {}

/** The figures of this moment, each second, for staff who look at them. */
export const DASHBOARD = defineNamespace({
  name: '/analytics/dashboard',
  summary: 'Figures of this moment, each second',
  who: 'staff',
  verbs: {
    watch: defineVerb({
      summary: 'Read the figures, and get them each second from now on',
      input: WatchInput,
      answer: FiguresView,
      action: 'analytics.read',
      limit: { limit: 60, windowSeconds: 60 },
      handle: (context) =>
        followList(context, [ROOM], () => readFigures(context.database.manager, new Date())),
    }),

    unwatch: defineVerb({
      summary: 'Get the figures no longer',
      input: WatchInput,
      answer: DoneView,
      action: 'analytics.read',
      async handle({ leave }) {
        leave(ROOM);
        return {};
      },
    }),
  },
  follows: [],
  tells: { figures: FiguresView },
  pulse: {
    room: ROOM,
    event: 'figures',
    everyMs: 1_000,
    make: ({ database }) => readFigures(database.manager, new Date()),
  },
});
