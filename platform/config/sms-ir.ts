import { IsInt, IsOptional, IsUrl, Matches, Max, Min } from 'class-validator';

import { developmentOnly, realProviderOnly, WEB_ADDRESS } from './rules';
import { Setting } from './setting';
import { sendsThrough } from './sms';

const SANDBOX_LINE = '30007732000000';

/** The SMS provider SMS.ir. Only the worker calls it. */
export class SmsIrConfig {
  static readonly isUsed = sendsThrough('sms-ir');

  @Setting('The address of the REST API of SMS.ir, in development the sandbox; /v1/ is added.', {
    unsafeInProduction: realProviderOnly,
  })
  @IsUrl(WEB_ADDRESS)
  smsIrBaseUrl = 'http://127.0.0.1:4011';

  @Setting('The API key of the account at SMS.ir.', { secret: true })
  @Matches(/^[!-~]{16,200}$/, { message: '$property must have 16 to 200 characters without spaces' })
  smsIrApiKey = 'development-only-api-key-of-sms-ir';

  @Setting('The line at SMS.ir that texts are sent from, in digits; templates have a line of their own.', {
    unsafeInProduction: developmentOnly(SANDBOX_LINE),
  })
  @Matches(/^\d{4,15}$/, { message: '$property must be 4 to 15 digits' })
  smsIrLine = SANDBOX_LINE;

  @Setting(
    'The line for advertising at SMS.ir that campaigns are sent from, in digits; without it that of other texts.',
    { kind: 'text' },
  )
  @IsOptional()
  @Matches(/^\d{4,15}$/, { message: '$property must be 4 to 15 digits' })
  smsIrCampaignLine?: string;

  @Setting('How many milliseconds an answer of SMS.ir may take before it counts as unknown.')
  @IsInt()
  @Min(100)
  @Max(12_000)
  smsIrTimeoutMs = 5_000;
}
