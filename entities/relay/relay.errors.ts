/** Refusals of what staff do with signals that the relay has parked. */
export const RELAY_ERRORS = {
  'relay.not_parked': {
    status: 404,
    title: 'No signal with this id is parked: it was delivered or dropped, or there never was one.',
  },
} as const;
