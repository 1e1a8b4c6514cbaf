/** The state of one try to pay an order. `settled` has paid for it; `surplus` was captured without being wanted. */
export type AttemptStatus =
  | 'requesting'
  | 'open'
  | 'verifying'
  | 'settled'
  | 'surplus'
  | 'refused'
  | 'closed';

/** The moves of an attempt. The database refuses all others (`payment_attempts_move_along_their_table`). */
export const ATTEMPT_TRANSITIONS: Readonly<Record<AttemptStatus, readonly AttemptStatus[]>> = {
  requesting: ['open', 'closed'],
  open: ['verifying', 'refused', 'closed'],
  verifying: ['open', 'settled', 'surplus', 'refused'],
  settled: [],
  surplus: [],
  refused: ['surplus', 'closed'],
  closed: ['surplus'],
};
