import { IsInt, IsOptional, IsUrl, Matches, Max, Min } from 'class-validator';

import { developmentOnly, realProviderOnly, WEB_ADDRESS } from './rules';
import { Setting } from './setting';
import { sendsThrough } from './sms';

const SANDBOX_ACCOUNT = 'AC00000000000000000000000000000001';
const SANDBOX_NUMBER = '+15005550006';

const SENDER = /^(\+\d{5,15}|MG[0-9a-f]{32})$/;
const SENDER_RULE = {
  message: '$property must be a number like +15005550006, or MG and 32 hexadecimal digits',
};

/** The SMS provider Twilio. Only the worker calls it. */
export class TwilioConfig {
  static readonly isUsed = sendsThrough('twilio');

  @Setting('The address of the REST API of Twilio, in development the sandbox; /2010-04-01/ is added.', {
    unsafeInProduction: realProviderOnly,
  })
  @IsUrl(WEB_ADDRESS)
  twilioBaseUrl = 'http://127.0.0.1:4013';

  @Setting('The SID of the account at Twilio.', { unsafeInProduction: developmentOnly(SANDBOX_ACCOUNT) })
  @Matches(/^AC[0-9a-f]{32}$/, { message: '$property must be AC and 32 hexadecimal digits' })
  twilioAccountSid = SANDBOX_ACCOUNT;

  @Setting('The auth token of the account at Twilio, which also signs its callbacks.', { secret: true })
  @Matches(/^[!-~]{16,200}$/, { message: '$property must have 16 to 200 characters without spaces' })
  twilioAuthToken = 'development-only-auth-token-of-twilio';

  @Setting('The number at Twilio that messages are sent from, or the SID of a Messaging Service.', {
    unsafeInProduction: developmentOnly(SANDBOX_NUMBER),
  })
  @Matches(SENDER, SENDER_RULE)
  twilioFrom = SANDBOX_NUMBER;

  @Setting(
    'The number at Twilio that campaigns are sent from, or the SID of a Messaging Service; without it that of other messages.',
    { kind: 'text' },
  )
  @IsOptional()
  @Matches(SENDER, SENDER_RULE)
  twilioCampaignFrom?: string;

  @Setting('How many milliseconds an answer of Twilio may take before it counts as unknown.')
  @IsInt()
  @Min(100)
  @Max(12_000)
  twilioTimeoutMs = 5_000;
}
