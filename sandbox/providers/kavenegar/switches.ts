import { duration, flag, oneOf, orNull, text, wholeNumber, type Values } from '../../kit/fields';

/**
 * Everything about Kavenegar that is unknown, differs between its sources or can be slower than a developer wants to wait. The
 * first value of a switch is its default. Changing one takes effect with the next call.
 */
export const SWITCHES = {
  /** `mirror`: the HTTP status is `return.status`, as documented. */
  httpMode: oneOf('mirror', 'always200'),
  /** The samples and the table differ. */
  successText: oneOf('تایید شد', 'درخواست تایید شد'),
  invalidKeyCode: oneOf(403, 401),
  lookupEntries: oneOf('array', 'object'),
  sendArrayOverLimitCode: oneOf(414, 412),
  cancelLimit: oneOf('500-with-414', '200-with-412'),
  statusByLocalIdLimit: oneOf(500, 3_000),
  latestOutboxLimit: oneOf(200, 500),
  oldestOutboxDays: oneOf(3, 4),
  longestText: oneOf(900, 1_800, 4_000),
  /** How long one part in Latin script may be. */
  latinSinglePart: oneOf(160, 140),
  receptorForms: oneOf('all-four', 'leading-zero'),
  costPerPartRial: wholeNumber(120),
  /** From the send to telecom. */
  handOverMs: duration(500),
  /** From the send to the phone. */
  deliveryMs: duration(2_000),
  /** How long after the hand-over a delivery is first looked for; the official number is 5 minutes. Null: at once. */
  recheckAfterMs: orNull(duration(300_000)),
  /** A repeated `localid` sends nothing. Off: as if the key did not exist. */
  localIdIsKey: flag(true),
  /** Where the *Status Callback URL* of every line leads; null pushes nothing. Field names and method are not documented. */
  statusCallbackUrl: orNull(text()),
  statusCallbackMethod: oneOf('GET', 'POST'),
};

export type Switches = Values<typeof SWITCHES>;
