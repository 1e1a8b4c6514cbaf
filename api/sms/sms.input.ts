import { IsIn, IsString, Length, Matches, ValidateBy } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

import { Example } from '../../entities/describe/example';
import { Id } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import type { SmsLanguage } from '../../entities/sms/sms-status';

const MOST_VARIABLES = 20;
/** The longest text of an SMS that every provider takes. */
const LONGEST_VALUE = 900;

/** Which message. */
export class SmsMessageParams {
  @Id()
  id!: string;
}

/** The token of the address that a provider calls. */
export class SmsReportParams {
  @Matches(/^[\w.-]{1,400}$/)
  token!: string;
}

/** A message to one person, by a template. */
export class SendSmsInput {
  /** A mobile number in any spelling. */
  @Example('09121234567')
  @IsString()
  @Length(1, 50)
  to!: string;

  @Example('order_paid')
  @Matches(/^[a-z][a-z0-9_]{0,59}$/)
  template!: string;

  @Example('fa')
  @MayBeAbsent()
  @IsIn(['fa', 'en'] satisfies SmsLanguage[])
  language: SmsLanguage = 'fa';

  /** A value for each variable of the template, by its name. */
  @Example({ number: '100042' })
  @MayBeAbsent()
  @AreTexts()
  variables: Record<string, string> = {};
}

/** For values by the names of variables. */
export function AreTexts(): PropertyDecorator {
  const document = JSONSchema({
    type: 'object',
    maxProperties: MOST_VARIABLES,
    additionalProperties: { type: 'string', maxLength: LONGEST_VALUE },
  });
  const rule = ValidateBy({
    name: 'areTexts',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.keys(value).length <= MOST_VARIABLES &&
        Object.values(value).every((text) => typeof text === 'string' && text.length <= LONGEST_VALUE),
      defaultMessage: () =>
        `variables must be an object of at most ${MOST_VARIABLES} texts of at most ${LONGEST_VALUE} characters`,
    },
  });
  return (prototype, property) => {
    rule(prototype, property);
    document(prototype, property as string);
  };
}
