import { Type } from 'class-transformer';
import { IsIn, IsInt, Matches, Max, Min, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

import { AUDIENCES, type CampaignAudience } from '../../entities/campaigns/campaign-status';
import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { isCityOf, PROVINCES } from '../../entities/geography/provinces';
import { Id } from '../../entities/input/from-text';
import { Line } from '../../entities/input/line';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import type { SmsLanguage } from '../../entities/sms/sms-status';
import { Instant } from '../instant';
import { AreTexts } from '../sms/sms.input';

const MOST_RIALS = 1_000_000_000_000;

/** Which customers, among those who want to hear of offers. All that is given must hold. */
export class CampaignFilterInput {
  /** They have paid for an order since this instant. */
  @Example('2026-03-21T00:00:00+03:30')
  @MayBeAbsent()
  @Instant()
  orderedSince?: string;

  /** They have not paid for an order since this instant. */
  @MayBeAbsent()
  @Instant()
  notOrderedSince?: string;

  /** They have bought something of this category, or of one below it. */
  @MayBeAbsent()
  @Id()
  categoryId?: string;

  @MayBeAbsent()
  @Id()
  productId?: string;

  /** Their paid orders are worth as much together, in rials. */
  @Example(5_000_000)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(MOST_RIALS)
  spentAtLeast?: number;

  /** They have an address in the province with this code. */
  @MayBeAbsent()
  @IsIn(PROVINCES.map(({ code }) => code))
  province?: string;

  /** They have an address in the city with this code. */
  @Example('2301')
  @MayBeAbsent()
  @IsCity()
  city?: string;
}

/** A part of what a campaign is. What is not there stays. */
export class CampaignChangeInput {
  /** For staff. */
  @Example('Norooz offers')
  @MayBeAbsent()
  @Line(120)
  name?: string;

  /** A template of a notice with a place for the link by which people end these messages. */
  @Example('campaign_offer')
  @MayBeAbsent()
  @Matches(/^[a-z][a-z0-9_]{0,59}$/)
  template?: string;

  @Example('fa')
  @MayBeAbsent()
  @IsIn(['fa', 'en'] satisfies SmsLanguage[])
  language?: SmsLanguage;

  /** A value for each variable of the template, by its name. */
  @Example({ text: 'حراج نوروزی آغاز شد' })
  @MayBeAbsent()
  @AreTexts()
  variables?: Record<string, string>;

  @MayBeAbsent()
  @ValidateNested()
  @Type(() => CampaignFilterInput)
  filter?: CampaignFilterInput;

  /** The hour of Tehran from which on it is sent. */
  @Example(9)
  @MayBeAbsent()
  @IsInt()
  @Min(8)
  @Max(20)
  sendFrom?: number;

  /** The hour of Tehran until which it is sent. */
  @Example(20)
  @MayBeAbsent()
  @IsInt()
  @Min(9)
  @Max(21)
  sendUntil?: number;

  /** What it may cost by the price list, in rials; null for no limit. */
  @Example(2_000_000)
  @Nullable()
  @ValidateIf((_input, value) => value !== null && value !== undefined)
  @IsInt()
  @Min(1)
  @Max(MOST_RIALS)
  maxCost?: number | null;
}

/** A campaign that somebody writes. */
export class CampaignInput {
  /** For staff. */
  @Example('Norooz offers')
  @Line(120)
  name!: string;

  /** A template of a notice with a place for the link by which people end these messages. */
  @Example('campaign_offer')
  @Matches(/^[a-z][a-z0-9_]{0,59}$/)
  template!: string;

  @Example('fa')
  @MayBeAbsent()
  @IsIn(['fa', 'en'] satisfies SmsLanguage[])
  language: SmsLanguage = 'fa';

  /** A value for each variable of the template, by its name. */
  @Example({ text: 'حراج نوروزی آغاز شد' })
  @AreTexts()
  variables!: Record<string, string>;

  /** Whether customers are found by a filter, or by a table of numbers that is sent later. */
  @IsIn(AUDIENCES)
  audience!: CampaignAudience;

  /** Only with the audience `filter`. An empty one finds all who want to hear of offers. */
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => CampaignFilterInput)
  filter?: CampaignFilterInput;

  /** The hour of Tehran from which on it is sent. */
  @Example(9)
  @MayBeAbsent()
  @IsInt()
  @Min(8)
  @Max(20)
  sendFrom = 8;

  /** The hour of Tehran until which it is sent. */
  @Example(20)
  @MayBeAbsent()
  @IsInt()
  @Min(9)
  @Max(21)
  sendUntil = 21;

  /** What it may cost by the price list, in rials. */
  @Example(2_000_000)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(MOST_RIALS)
  maxCost?: number;
}

function IsCity(): PropertyDecorator {
  const document = JSONSchema({ type: 'string' });
  const rule = ValidateBy({
    name: 'isCity',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && PROVINCES.some(({ code }) => isCityOf(code, value)),
      defaultMessage: () => 'city must be the code of a city',
    },
  });
  return (prototype, property) => {
    rule(prototype, property);
    document(prototype, property as string);
  };
}
