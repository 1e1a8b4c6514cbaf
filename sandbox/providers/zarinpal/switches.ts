import { duration, flag, oneOf, orNull, wholeNumber, type Values } from '../../kit/fields';
import { LONGEST_WAIT_MS } from '../../kit/wait';
import { DEEDS } from './deeds';

const HALF_AN_HOUR_MS = 30 * 60_000;

/**
 * Everything about Zarinpal that is unknown, differs between sources or between shops. The first value of a switch is
 * its default. Changing one takes effect with the next call; windows are fixed when a session begins or is paid.
 */
export const SWITCHES = {
  /** What an address without a Zarinpal host name imitates: Zarinpal's sandbox host, or production with its table. */
  plainHostMode: oneOf('any-uuid', 'merchant-table'),
  /** HTTP status and shape of refusals; the next three override one part of the profile, `null` leaves it. */
  errorProfile: oneOf('current', 'legacy200'),
  validationStatus: oneOf(null, 422, 400),
  authorityShape: oneOf(null, 'field-keyed', 'coded'),
  rateLimitStatus: oneOf(null, 401, 429),
  /** `data` of a refusal: `[]` or `{}`. */
  emptyData: oneOf('list', 'object'),
  /** Every code as a string. */
  stringCodes: flag(),
  minAmountRial: wholeNumber(1_000),
  maxAmountRial: wholeNumber(1_000_000_000),
  payableMs: duration(HALF_AN_HOUR_MS),
  verifyWindowMs: duration(HALF_AN_HOUR_MS),
  reverseWindowMs: duration(HALF_AN_HOUR_MS),
  /** What happens to money that is not verified in time. */
  unverifiedMoney: oneOf('return', 'keep'),
  inquiryAfterReturn: oneOf('FAILED', 'REVERSED'),
  firstVerifyAfterAuto: oneOf(101, 100),
  reverseBeforeVerify: flag(true),
  /** `live` has message "Paid" and every field, `sample` looks like the page of the documentation. */
  verifyAnswer: oneOf('live', 'sample'),
  suggestedAmount: oneOf('number', 'string'),
  unverifiedCode: oneOf('integer', 'string'),
  /** `by-mode`: absent (404) where any merchant id is accepted, as on Zarinpal's sandbox host. */
  feeCalculation: oneOf('by-mode', 'on', 'off'),
  refreshEndpoint: flag(),
  /** Shows the extra confirmation page to buyers who do not come from the callback's domain. */
  refererCheck: flag(),
  /** Calls per merchant and minute before -12; `null` for no limit. The real numbers are unknown. */
  rateLimitPerMinute: orNull(wholeNumber(0)),
  feeBasisPoints: wholeNumber(300),
  shaparakFeeRial: wholeNumber(1_200),
  feeCapRial: orNull(wholeNumber(0)),
  graphqlFamily: oneOf('both', 'Session', 'GetTransactions'),
  timelineShape: oneOf('object', 'list'),
  refundOutcome: oneOf('SUCCESS', 'FAILED'),
  refundPayaMs: duration(12 * 3_600_000),
  refundCardMs: duration(60_000),
  /** Buyers who act by themselves: when the session was requested, or when its pay page is opened. */
  autoPay: oneOf('off', 'on-request', 'on-visit'),
  autoPayOutcome: oneOf(...DEEDS),
  autoPayAfterMs: wholeNumber(300, { most: LONGEST_WAIT_MS }),
};

export type Switches = Values<typeof SWITCHES>;
