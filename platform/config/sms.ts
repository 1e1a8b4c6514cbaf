import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  Max,
  Min,
  MinLength,
} from 'class-validator';

import { Setting } from './setting';

/** Every provider that there is an adapter for. */
export const SMS_PROVIDERS = ['sms-ir', 'kavenegar', 'twilio'] as const;

export type SmsProviderName = (typeof SMS_PROVIDERS)[number];

/** A rotation needs two. */
const MOST_SECRETS = 5;

/** Through whom the shop sends SMS. Only the worker sends. */
export class SmsConfig {
  @Setting(
    'The SMS providers in the order in which they are tried, separated by commas: sms-ir, kavenegar, twilio; those that are not named need no credentials.',
  )
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(SMS_PROVIDERS, { each: true })
  smsProviders: readonly SmsProviderName[] = ['sms-ir', 'kavenegar'];

  @Setting("Below how many of SMS.ir's credits an operator is alerted.")
  @IsNumber()
  @Min(0)
  @Max(1_000_000_000)
  smsIrCreditAlert = 500;

  @Setting('Below how many rials of credit at Kavenegar an operator is alerted.')
  @IsNumber()
  @Min(0)
  @Max(1_000_000_000_000)
  kavenegarCreditAlert = 1_000_000;

  @Setting("Below how much credit at Twilio, in the account's currency, an operator is alerted.")
  @IsNumber()
  @Min(0)
  @Max(1_000_000_000)
  twilioCreditAlert = 10;
}

/** What the API needs to know of messages: whom they may go to, how long codes live, and how reports are known again. */
export class SmsMessagesConfig {
  @Setting(
    'Whether messages go only to ranges of mobile numbers that are known today; false takes every number that looks like an Iranian mobile one.',
  )
  @IsBoolean()
  smsStrictNumbers = true;

  @Setting('How many milliseconds a one-time code is of use.')
  @IsInt()
  @Min(30_000)
  @Max(600_000)
  smsCodeLifetimeMs = 300_000;

  @Setting('How many reports of providers about one message are kept.')
  @IsInt()
  @Min(1)
  @Max(100)
  smsReportsPerMessage = 20;
}

/** Addresses under which SMS providers report deliveries and people end campaigns. The worker gives them out, and the API knows them again. */
export class SmsCallbackConfig {
  @Setting(
    'Secrets of the addresses under which SMS providers report and people end campaigns, at least 32 characters each, separated by commas: the first signs, all verify.',
    { secret: true },
  )
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_SECRETS)
  @MinLength(32, { each: true })
  smsCallbackSecrets: readonly string[] = ['development-only-sms-callback-secret-of-the-shop'];
}

/** For `isUsed` of a provider's section: whether the shop sends through it. */
export function sendsThrough(name: SmsProviderName): (loaded: readonly object[]) => boolean {
  return (loaded) => {
    const sms = loaded.find((section) => section instanceof SmsConfig);
    return sms === undefined || sms.smsProviders.includes(name);
  };
}
