/** Refusals of notifications. */
export const NOTIFICATION_ERRORS = {
  'notification.channel_fixed': {
    status: 409,
    title: 'This channel of the category cannot be chosen: it is always on, or there is none.',
  },
  'notification.zone_unknown': { status: 422, title: 'There is no such time zone.' },
} as const;
