import { DEEDS, type Deed } from './deeds';

/**
 * Everything about Zarinpal that is unknown, differs between sources or between shops. The first value of a switch is
 * its default. Changing one takes effect with the next call; windows are fixed when a session begins or is paid.
 */
export interface Switches {
  /** What an address without a Zarinpal host name imitates: Zarinpal's sandbox host, or production with its table. */
  plainHostMode: 'any-uuid' | 'merchant-table';
  /** HTTP status and shape of refusals; the next three override one part of the profile, `null` leaves it. */
  errorProfile: 'current' | 'legacy200';
  validationStatus: 422 | 400 | null;
  authorityShape: 'field-keyed' | 'coded' | null;
  rateLimitStatus: 401 | 429 | null;
  /** `data` of a refusal: `[]` or `{}`. */
  emptyData: 'list' | 'object';
  /** Every code as a string. */
  stringCodes: boolean;
  minAmountRial: number;
  maxAmountRial: number;
  payableMs: number;
  verifyWindowMs: number;
  reverseWindowMs: number;
  /** What happens to money that is not verified in time. */
  unverifiedMoney: 'return' | 'keep';
  inquiryAfterReturn: 'FAILED' | 'REVERSED';
  firstVerifyAfterAuto: 101 | 100;
  reverseBeforeVerify: boolean;
  /** `live` has message "Paid" and every field, `sample` looks like the page of the documentation. */
  verifyAnswer: 'live' | 'sample';
  suggestedAmount: 'number' | 'string';
  unverifiedCode: 'integer' | 'string';
  /** `by-mode`: absent (404) where any merchant id is accepted, as on Zarinpal's sandbox host. */
  feeCalculation: 'by-mode' | 'on' | 'off';
  refreshEndpoint: boolean;
  /** Shows the extra confirmation page to buyers who do not come from the callback's domain. */
  refererCheck: boolean;
  /** Calls per merchant and minute before -12; `null` for no limit. The real numbers are unknown. */
  rateLimitPerMinute: number | null;
  feeBasisPoints: number;
  shaparakFeeRial: number;
  feeCapRial: number | null;
  graphqlFamily: 'both' | 'Session' | 'GetTransactions';
  timelineShape: 'object' | 'list';
  refundOutcome: 'SUCCESS' | 'FAILED';
  refundPayaMs: number;
  refundCardMs: number;
  /** Buyers who act by themselves: when the session was requested, or when its pay page is opened. */
  autoPay: 'off' | 'on-request' | 'on-visit';
  autoPayOutcome: Deed;
  autoPayAfterMs: number;
}

const HALF_AN_HOUR_MS = 30 * 60_000;

export const DEFAULT_SWITCHES: Readonly<Switches> = {
  plainHostMode: 'any-uuid',
  errorProfile: 'current',
  validationStatus: null,
  authorityShape: null,
  rateLimitStatus: null,
  emptyData: 'list',
  stringCodes: false,
  minAmountRial: 1_000,
  maxAmountRial: 1_000_000_000,
  payableMs: HALF_AN_HOUR_MS,
  verifyWindowMs: HALF_AN_HOUR_MS,
  reverseWindowMs: HALF_AN_HOUR_MS,
  unverifiedMoney: 'return',
  inquiryAfterReturn: 'FAILED',
  firstVerifyAfterAuto: 101,
  reverseBeforeVerify: true,
  verifyAnswer: 'live',
  suggestedAmount: 'number',
  unverifiedCode: 'integer',
  feeCalculation: 'by-mode',
  refreshEndpoint: false,
  refererCheck: false,
  rateLimitPerMinute: null,
  feeBasisPoints: 300,
  shaparakFeeRial: 1_200,
  feeCapRial: null,
  graphqlFamily: 'both',
  timelineShape: 'object',
  refundOutcome: 'SUCCESS',
  refundPayaMs: 12 * 3_600_000,
  refundCardMs: 60_000,
  autoPay: 'off',
  autoPayOutcome: 'pay',
  autoPayAfterMs: 300,
};

type Check = (value: unknown) => boolean;
const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const wholeNumber: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const wholeNumberOrNull: Check = (value) => value === null || wholeNumber(value);
const yesOrNo = oneOf(true, false);

const CHECKS: Readonly<Record<keyof Switches, Check>> = {
  plainHostMode: oneOf('any-uuid', 'merchant-table'),
  errorProfile: oneOf('current', 'legacy200'),
  validationStatus: oneOf(422, 400, null),
  authorityShape: oneOf('field-keyed', 'coded', null),
  rateLimitStatus: oneOf(401, 429, null),
  emptyData: oneOf('list', 'object'),
  stringCodes: yesOrNo,
  minAmountRial: wholeNumber,
  maxAmountRial: wholeNumber,
  payableMs: wholeNumber,
  verifyWindowMs: wholeNumber,
  reverseWindowMs: wholeNumber,
  unverifiedMoney: oneOf('return', 'keep'),
  inquiryAfterReturn: oneOf('FAILED', 'REVERSED'),
  firstVerifyAfterAuto: oneOf(101, 100),
  reverseBeforeVerify: yesOrNo,
  verifyAnswer: oneOf('live', 'sample'),
  suggestedAmount: oneOf('number', 'string'),
  unverifiedCode: oneOf('integer', 'string'),
  feeCalculation: oneOf('by-mode', 'on', 'off'),
  refreshEndpoint: yesOrNo,
  refererCheck: yesOrNo,
  rateLimitPerMinute: wholeNumberOrNull,
  feeBasisPoints: wholeNumber,
  shaparakFeeRial: wholeNumber,
  feeCapRial: wholeNumberOrNull,
  graphqlFamily: oneOf('both', 'Session', 'GetTransactions'),
  timelineShape: oneOf('object', 'list'),
  refundOutcome: oneOf('SUCCESS', 'FAILED'),
  refundPayaMs: wholeNumber,
  refundCardMs: wholeNumber,
  autoPay: oneOf('off', 'on-request', 'on-visit'),
  autoPayOutcome: oneOf(...DEEDS),
  autoPayAfterMs: wholeNumber,
};

/** The names in the change that are no switch or whose value is none of the allowed ones. */
export function wrongSwitches(change: Readonly<Record<string, unknown>>): string[] {
  const checks: Readonly<Record<string, Check>> = CHECKS;
  return Object.keys(change).filter((name) => !Object.hasOwn(checks, name) || !checks[name]!(change[name]));
}
