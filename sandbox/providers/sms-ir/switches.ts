import { duration, flag, oneOf, wholeNumber, type Values } from '../../kit/fields';

/**
 * Everything about SMS.ir that is unknown, differs between its sources or can be slower than a developer wants to wait. The first
 * value of a switch is its default. Changing one takes effect with the next call.
 */
export const SWITCHES = {
  /** `classes`: 401, 429, 500 or 400 by the code; only these classes are documented. */
  httpMode: oneOf('classes', 'always200'),
  /** The samples and the table differ. */
  successText: oneOf('موفق', 'عملیات با موفقیت انجام شد'),
  /** What a wrong number among several does: `null` in the place of its id, or 104 for the whole call. */
  wrongMobile: oneOf('null', 'refuse'),
  unapprovedTemplate: oneOf(113, 117),
  /** SMS.ir takes one-time codes only: other templates are 124. */
  onlyOtpTemplates: flag(),
  listOrder: oneOf('newest-first', 'oldest-first'),
  /** Until which hour of Tehran's day `receive/live` shows yesterday, too. */
  yesterdayUntilHour: wholeNumber(3, { most: 23 }),
  /** Credits per part of a message, in tenths. */
  tenthsPerPart: wholeNumber(10),
  /** Texts of more parts have `null` in the place of their id. */
  mostParts: wholeNumber(10, { least: 1 }),
  /** From the send to telecom; to the operator it takes half as long again. */
  handOverMs: duration(500),
  /** From the send to the phone. */
  deliveryMs: duration(2_000),
};

export type Switches = Values<typeof SWITCHES>;
