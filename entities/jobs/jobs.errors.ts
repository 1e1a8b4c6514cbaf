/** Refusals of what staff do with schedules. */
export const JOB_ERRORS = {
  'schedule.not_found': { status: 404, title: 'The shop has no such schedule.' },
  'schedule.backfill_invalid': {
    status: 422,
    title: 'A backfill ends in the past, after its beginning, and stands for at most 100 runs.',
  },
} as const;
