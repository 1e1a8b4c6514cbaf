/** Refusals of tracking and figures. */
export const ANALYTICS_ERRORS = {
  'tracking.full': {
    status: 503,
    title: 'Too much is waiting to be stored: send the same events again later.',
  },
} as const;
