/** Refusals of what staff do about reordering. */
export const REPLENISHMENT_ERRORS = {
  'replenishment.policy_not_found': { status: 404, title: 'There is no such policy.' },
  'replenishment.policy_exists': {
    status: 409,
    title: 'This variant has a policy for this place, or one for all places together: change that one.',
  },
  'replenishment.policy_changed': {
    status: 412,
    title: 'The policy was changed meanwhile: read it again.',
  },
  'replenishment.variant_unknown': { status: 422, title: 'There is no such variant.' },
  'replenishment.location_unknown': { status: 422, title: 'There is no such location.' },
} as const;
