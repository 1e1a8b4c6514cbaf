/** The state of a count. Nothing is booked before it is `approved`. */
export type CountStatus = 'open' | 'counting' | 'approved' | 'cancelled';

/** The moves of a count. The database refuses all others (`stock_counts_move_along_their_table`). */
export const COUNT_TRANSITIONS: Readonly<Record<CountStatus, readonly CountStatus[]>> = {
  open: ['counting', 'cancelled'],
  counting: ['approved', 'cancelled'],
  approved: [],
  cancelled: [],
};

export const COUNT_STATUSES = Object.keys(COUNT_TRANSITIONS) as CountStatus[];
