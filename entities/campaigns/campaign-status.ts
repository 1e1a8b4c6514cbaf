/**
 * Where a campaign stands.
 * - `draft`: it is written, and may be changed. `scheduled`: it is fixed and waits for its time.
 * - `running`: its recipients are gathered, then the messages go out. `paused`: nothing goes out until somebody resumes it.
 * - `done`: nothing is left to send. `cancelled`: somebody does not want the rest.
 */
export type CampaignStatus = 'draft' | 'scheduled' | 'running' | 'paused' | 'done' | 'cancelled';

/** The moves of a campaign. The database refuses all others (`campaigns_move_along_their_table`). */
export const CAMPAIGN_TRANSITIONS: Readonly<Record<CampaignStatus, readonly CampaignStatus[]>> = {
  draft: ['scheduled', 'cancelled'],
  scheduled: ['running', 'cancelled'],
  running: ['paused', 'done', 'cancelled'],
  paused: ['running', 'cancelled'],
  done: [],
  cancelled: [],
};

/** How somebody steers a campaign that was started. */
export const CAMPAIGN_MOVES = ['pause', 'resume', 'cancel'] as const;
export type CampaignMove = (typeof CAMPAIGN_MOVES)[number];

/**
 * Why a campaign is paused. `staff`: somebody wanted it. `budget`: the next message would cost more than it may. `approval`: more would
 * go out than may without a second person. `provider`: account, line or text must be put right, or the provider does
 * not answer.
 */
export type PauseReason = 'staff' | 'budget' | 'approval' | 'provider';

/** How the recipients are found: by a filter over customers, or by a table of numbers. */
export const AUDIENCES = ['filter', 'csv'] as const;
export type CampaignAudience = (typeof AUDIENCES)[number];

/**
 * Where the message to one recipient stands.
 * - `pending`: it was not handed to a provider. `handed`: it is in a call, or in one whose answer got lost.
 * - `accepted`, `delivered`, `failed`: what the provider says. `ambiguous`: nobody can tell whether it went out; it is not repeated.
 * - `suppressed`: this person gets nothing, for the reason beside it.
 */
export const RECIPIENT_STATUSES = [
  'pending',
  'handed',
  'accepted',
  'delivered',
  'failed',
  'ambiguous',
  'suppressed',
] as const;
export type RecipientStatus = (typeof RECIPIENT_STATUSES)[number];

/**
 * The moves of a recipient. The database refuses all others (`campaign_recipients_move_along_their_table`). Only what the provider
 * surely has not got goes back to `pending`.
 */
export const RECIPIENT_TRANSITIONS: Readonly<Record<RecipientStatus, readonly RecipientStatus[]>> = {
  pending: ['handed', 'suppressed'],
  handed: ['accepted', 'pending', 'ambiguous', 'suppressed'],
  accepted: ['delivered', 'failed'],
  failed: ['delivered'],
  delivered: [],
  ambiguous: [],
  suppressed: [],
};

/**
 * Why somebody gets nothing. `not_wanted`: no consent any more, or no account that could get it. `blacklisted`: a provider has
 * refused the number before. `refused`: it has now, by itself or while it took other messages. `number_repeated`: another account had the number when it was sent to.
 */
export const SUPPRESSION_REASONS = ['not_wanted', 'blacklisted', 'refused', 'number_repeated'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/**
 * Where a call with many messages stands. `unknown`: it has no answer and may have taken effect. `not_sent`: it surely has not,
 * or was never made.
 * `ambiguous`: nobody found out.
 */
export type BatchStatus = 'sending' | 'unknown' | 'accepted' | 'refused' | 'ambiguous' | 'not_sent';

/** The moves of a call. The database refuses all others (`campaign_batches_move_along_their_table`). */
export const BATCH_TRANSITIONS: Readonly<Record<BatchStatus, readonly BatchStatus[]>> = {
  sending: ['unknown', 'accepted', 'refused', 'not_sent'],
  unknown: ['accepted', 'ambiguous', 'not_sent'],
  accepted: [],
  refused: [],
  ambiguous: [],
  not_sent: [],
};
