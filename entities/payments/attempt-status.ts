/** Where one try to pay an order stands. `settled` paid for it; `surplus` was captured without being wanted. */
export type AttemptStatus =
  | 'requesting'
  | 'open'
  | 'verifying'
  | 'settled'
  | 'surplus'
  | 'refused'
  | 'closed';

/** The only moves of an attempt; the database refuses all others (`payment_attempts_move_along_their_table`). */
export const ATTEMPT_TRANSITIONS: Readonly<Record<AttemptStatus, readonly AttemptStatus[]>> = {
  requesting: ['open', 'closed'],
  open: ['verifying', 'refused', 'closed'],
  verifying: ['open', 'settled', 'surplus', 'refused'],
  settled: [],
  surplus: [],
  refused: ['surplus', 'closed'],
  closed: ['surplus'],
};
