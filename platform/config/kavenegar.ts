import { IsInt, IsOptional, IsUrl, Matches, Max, Min } from 'class-validator';

import { realProviderOnly, WEB_ADDRESS } from './rules';
import { Setting } from './setting';
import { sendsThrough } from './sms';

/** The SMS provider Kavenegar. Only the worker calls it. */
export class KavenegarConfig {
  static readonly isUsed = sendsThrough('kavenegar');

  @Setting(
    'The address of the REST API of Kavenegar, in development the sandbox; /v1/ and the key are added.',
    {
      unsafeInProduction: realProviderOnly,
    },
  )
  @IsUrl(WEB_ADDRESS)
  kavenegarBaseUrl = 'http://127.0.0.1:4012';

  @Setting('The API key of the account at Kavenegar.', { secret: true })
  @Matches(/^[!-~]{16,200}$/, { message: '$property must have 16 to 200 characters without spaces' })
  kavenegarApiKey = 'development-only-api-key-of-kavenegar';

  @Setting("The line at Kavenegar that texts are sent from; without it the account's own.", { kind: 'text' })
  @IsOptional()
  @Matches(/^\+?\d{4,15}$/, { message: '$property must be 4 to 15 digits' })
  kavenegarSender?: string;

  @Setting(
    'The line for advertising at Kavenegar that campaigns are sent from; without it that of other texts.',
    { kind: 'text' },
  )
  @IsOptional()
  @Matches(/^\+?\d{4,15}$/, { message: '$property must be 4 to 15 digits' })
  kavenegarCampaignSender?: string;

  @Setting('How many milliseconds an answer of Kavenegar may take before it counts as unknown.')
  @IsInt()
  @Min(100)
  @Max(12_000)
  kavenegarTimeoutMs = 5_000;
}
