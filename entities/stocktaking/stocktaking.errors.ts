/** Refusals of counts. */
export const STOCKTAKING_ERRORS = {
  'count.not_found': { status: 404, title: 'There is no such count.' },
  'count.changed': { status: 412, title: 'The count has changed since: look at its differences again.' },
  'count.location_busy': { status: 409, title: 'The location has another count that has not ended.' },
  'count.over': { status: 409, title: 'The count was approved or cancelled already.' },
  'count.too_many_lines': { status: 409, title: 'The count has as many lines as one may have.' },
  'count.unfinished': {
    status: 409,
    title: 'Something was not counted to the end: count it, or take it out of the count.',
  },
  'count.corrected_since': {
    status: 409,
    title: 'The stock of something was corrected since somebody began to count it: begin to count it again.',
  },
  'count.another_must_approve': {
    status: 403,
    title: 'The differences are so large that somebody who has not counted must approve them.',
  },
} as const;
