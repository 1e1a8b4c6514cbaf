import { duration, flag, oneOf, wholeNumber, type Values } from '../../kit/fields';

/** What is unknown about Twilio, and what differs from shop to shop. */
export const SWITCHES = {
  /** From the request, or from `SendAt`, to the delivery. The statuses between come at a quarter, a half and three quarters. */
  deliverAfterMs: duration(2_000),
  /** From the delivery to its report, for the recipient whose report is late. */
  reportLateMs: duration(600_000),
  /** In hundred-thousandths of a dollar, for each segment. */
  pricePerSegment: wholeNumber(750, { most: 100_000_000 }),
  /** Whether `date_sent` is there while a message is queued, as in some published examples. */
  dateSentAtOnce: flag(),
  /** First status with a Messaging Service; published examples show both. */
  firstStatusOfService: oneOf('accepted', 'queued'),
  /** Whether callbacks of delivered and undelivered messages have `RawDlrDoneDate`. */
  rawDlrDoneDate: flag(true),
  /** How often a status callback is tried again, and after which answers: none, also 5xx, also 4xx. */
  callbackRetries: wholeNumber(1, { most: 5 }),
  callbackRetryPolicy: oneOf('ct', '5xx', '4xx'),
};

export type Switches = Values<typeof SWITCHES>;
