import { FigureHistoryInput } from '../../entities/analytics/history.input';
import { FigureHistoryView } from '../../entities/analytics/history.view';
import { readHistory } from '../../entities/analytics/read-history';
import { defineNamespace, defineVerb } from '../registry';

/** Figures of the past, as `GET /api/v1/analytics/history` answers them. */
export const ANALYTICS = defineNamespace({
  name: '/analytics',
  summary: 'Figures of the shop in time',
  who: 'staff',
  verbs: {
    history: defineVerb({
      summary: 'Read a figure in time, by days or hours of Tehran',
      input: FigureHistoryInput,
      answer: FigureHistoryView,
      action: 'analytics.read',
      limit: { limit: 120, windowSeconds: 60 },
      handle: ({ database }, input) => readHistory(database.manager, input, 'body'),
    }),
  },
  follows: [],
});
