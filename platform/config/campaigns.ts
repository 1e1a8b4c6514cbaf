import { IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

import { Setting } from './setting';
import { SMS_PROVIDERS, SmsConfig, type SmsProviderName } from './sms';

/** What campaigns by SMS cost, and when a second person must agree. */
export class CampaignPricesConfig {
  @Setting(
    'What one part of a message of a campaign costs in rials, for estimates and budgets: the price of the contract, with tax.',
  )
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  campaignSegmentPrice = 2_000;

  @Setting(
    'Beyond how many messages within a day, in all campaigns without an approval, a second person must approve a campaign.',
  )
  @IsInt()
  @Min(0)
  @Max(200_000)
  campaignApprovalAbove = 1_000;
}

/** How the worker sends campaigns by SMS. */
export class CampaignsConfig {
  static problemsBeside(loaded: readonly object[]): readonly string[] {
    const sms = loaded.find((section) => section instanceof SmsConfig);
    const campaigns = loaded.find((section) => section instanceof CampaignsConfig);
    const provider = campaigns?.campaignProvider;
    if (sms === undefined || provider === undefined || sms.smsProviders.includes(provider)) return [];
    return [`CAMPAIGN_PROVIDER must be one of SMS_PROVIDERS (it is ${JSON.stringify(provider)})`];
  }

  @Setting(
    'Through which of SMS_PROVIDERS campaigns are sent, by a line for advertising; the first of them without it.',
    { kind: 'text' },
  )
  @IsOptional()
  @IsIn(SMS_PROVIDERS)
  campaignProvider?: SmsProviderName;

  @Setting('How many messages of a campaign one call of a provider has at most.')
  @IsInt()
  @Min(1)
  @Max(200)
  campaignBatch = 100;

  @Setting(
    'How many messages of all campaigns together go out each second at most, well below the limit of the account at the provider.',
  )
  @IsInt()
  @Min(1)
  @Max(10_000)
  campaignPerSecond = 50;

  @Setting('Whether campaigns are also sent between 21:00 and 8:00 in Tehran.', {
    unsafeInProduction: (value) => (value === true ? 'wakes customers at night' : undefined),
  })
  @IsBoolean()
  campaignAtNight = false;

  @Setting('How many milliseconds old a campaign must be before the sweep looks after its workflow.')
  @IsInt()
  @Min(0)
  @Max(86_400_000)
  campaignOverdueMs = 60_000;
}
