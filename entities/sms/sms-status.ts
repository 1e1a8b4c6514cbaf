/** `code`: a one-time code, worth nothing after its lifetime, harmless twice. `notice`: must not go out twice. */
export type SmsKind = 'code' | 'notice';

export type SmsLanguage = 'fa' | 'en';

/** How a provider is asked: by its own template, or with the text. */
export type SmsOperation = 'template' | 'text';

/**
 * Where a message stands.
 * - `queued`: a provider is to be chosen. `sending`: one is being asked, or its answer got lost and is looked for.
 * - `ambiguous`: it may or may not have gone out, and a person decides. Only notices.
 * - `accepted`: a provider has it. `delivered`: it arrived.
 * - `undelivered`: it could not be delivered while it mattered. `unconfirmed`: it may have arrived, nobody knows.
 * - `refused`: the recipient cannot get it, or our request was wrong. `failed`: no provider could. `cancelled`: given up
 *   before anything went out.
 */
export type SmsStatus =
  | 'queued'
  | 'sending'
  | 'ambiguous'
  | 'accepted'
  | 'delivered'
  | 'undelivered'
  | 'unconfirmed'
  | 'refused'
  | 'failed'
  | 'cancelled';

/** The moves of a message. The database refuses all others (`sms_messages_move_along_their_table`). */
export const SMS_TRANSITIONS: Readonly<Record<SmsStatus, readonly SmsStatus[]>> = {
  queued: ['sending', 'accepted', 'delivered', 'undelivered', 'unconfirmed', 'failed', 'cancelled'],
  sending: [
    'queued',
    'ambiguous',
    'accepted',
    'delivered',
    'undelivered',
    'unconfirmed',
    'refused',
    'failed',
    'cancelled',
  ],
  ambiguous: ['queued', 'accepted', 'unconfirmed'],
  accepted: ['queued', 'delivered', 'undelivered', 'unconfirmed', 'failed'],
  undelivered: ['delivered', 'failed'],
  unconfirmed: ['delivered', 'undelivered', 'failed'],
  delivered: [],
  refused: ['delivered'],
  failed: ['delivered'],
  cancelled: [],
};

/** Messages for which nothing more is done. A late report may still say what became of one. */
export const OVER: readonly SmsStatus[] = [
  'delivered',
  'undelivered',
  'unconfirmed',
  'refused',
  'failed',
  'cancelled',
];

/**
 * Where one send stands. `unknown`: it has no answer and may have gone out. `not_sent`: the provider surely has not got it.
 * `abandoned`: a person had the message sent again although this send may have gone out.
 */
export type SmsAttemptStatus = 'sending' | 'accepted' | 'refused' | 'unknown' | 'not_sent' | 'abandoned';

/** The moves of an attempt. The database refuses all others (`sms_attempts_move_along_their_table`). */
export const SMS_ATTEMPT_TRANSITIONS: Readonly<Record<SmsAttemptStatus, readonly SmsAttemptStatus[]>> = {
  sending: ['accepted', 'refused', 'unknown'],
  unknown: ['accepted', 'not_sent', 'abandoned'],
  accepted: [],
  refused: [],
  not_sent: [],
  abandoned: [],
};

/** What an accepted send has become, as its provider reports it. Reports only ever move it forward. */
export type SmsDelivery = 'pending' | 'undelivered' | 'delivered' | 'failed';

/** A circuit breaker: `open` lets no send through, `half_open` one at a time. */
export type BreakerStatus = 'closed' | 'open' | 'half_open';

/** `foreign`: the report names a message of somebody else, or comes for a provider that sends no reports. */
export type ReportVerdict = 'genuine' | 'forged' | 'foreign';
