import { Type } from 'class-transformer';
import { IsArray, IsInt, IsISO8601, IsString, Min, ValidateNested } from 'class-validator';

import { Example } from '../describe/example';
import { Nullable } from '../describe/nullable';
import type { Money } from '../values/money';
import { MoneyView } from '../values/money.view';

/** What became of the payments of a gateway within the last hour, of the newest 20,000 events at most. */
export class GatewaySuccessView {
  @Example('zarinpal')
  @IsString()
  gateway!: string;

  /** How often a page was asked for. */
  @Example(20)
  @IsInt()
  @Min(0)
  tried!: number;

  /** How many orders were paid. A payment takes minutes, so it may belong to a page of an hour before. */
  @Example(14)
  @IsInt()
  @Min(0)
  succeeded!: number;
}

/**
 * What became of the messages that a provider was given within the last hour, of the newest 20,000 at most. One that was refused and
 * given to it again counts twice.
 */
export class ProviderSuccessView {
  @Example('smsir')
  @IsString()
  provider!: string;

  @Example(40)
  @IsInt()
  @Min(0)
  tried!: number;

  /** How many it took, less those that it reports as not delivered. */
  @Example(39)
  @IsInt()
  @Min(0)
  succeeded!: number;
}

/** What only a person can solve. */
export class AttentionView {
  /** The running workflows with `NeedsAttention = true`. */
  @Example(0)
  @IsInt()
  @Min(0)
  workflows!: number;

  /** When Temporal was asked. */
  @IsISO8601()
  asOf!: string;
}

/** Stock that is running out. */
export class LowStockView {
  /**
   * What is at or below its reorder point, of published products, where they are sold: levels, or variants whose point counts all
   * locations together.
   */
  @Example(4)
  @IsInt()
  @Min(0)
  count!: number;

  /** When it was counted. */
  @IsISO8601()
  asOf!: string;
}

/** How many of today's visitors there are orders for. */
export class ConversionView {
  /** Orders that had been paid today. */
  @Example(281)
  @IsInt()
  @Min(0)
  paidOrders!: number;

  @Example(9_310)
  @IsInt()
  @Min(0)
  visitors!: number;

  /** When both were counted. */
  @IsISO8601()
  asOf!: string;
}

/** The shop at an instant. */
export class FiguresView {
  @IsISO8601()
  asOf!: string;

  /** Orders that were placed within the last 60 s. */
  @Example(3)
  @IsInt()
  @Min(0)
  ordersPerMinute!: number;

  /**
   * Of when orders, paid orders, revenue and refunds of today are. Older than `asOf` only while the job that counts them has not run for
   * long and too much has happened since: then they are what it counted last.
   */
  @IsISO8601()
  todayAsOf!: string;

  /** Orders that were placed today in Tehran. */
  @Example(412)
  @IsInt()
  @Min(0)
  ordersToday!: number;

  /** Orders that were paid today. */
  @Example(287)
  @IsInt()
  @Min(0)
  paidOrdersToday!: number;

  /** What was paid for orders today, by currency. It is gross: nothing is taken off for refunds. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MoneyView)
  revenueToday!: Money[];

  /** What buyers got back today. Payments that no order needed are in it, and never were in the revenue: do not subtract. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MoneyView)
  refundedToday!: Money[];

  /** Visitors who did something within the last five minutes. */
  @Example(96)
  @IsInt()
  @Min(0)
  visitorsNow!: number;

  /** Visitors of today, as the job counted them last: see `conversion`. */
  @Example(9_310)
  @IsInt()
  @Min(0)
  visitorsToday!: number;

  /** The visitors of today and the orders paid until they were counted. Null before that, and while `todayAsOf` is old. */
  @Nullable()
  @ValidateNested()
  @Type(() => ConversionView)
  conversion!: ConversionView | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => GatewaySuccessView)
  payments!: GatewaySuccessView[];

  /** Codes and notices. The messages of campaigns are a figure of their own. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ProviderSuccessView)
  sms!: ProviderSuccessView[];

  /** Messages of campaigns. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ProviderSuccessView)
  campaigns!: ProviderSuccessView[];

  /** As the job counted it last. Null before that. */
  @Nullable()
  @ValidateNested()
  @Type(() => LowStockView)
  lowStock!: LowStockView | null;

  /** Tickets that are neither resolved nor closed. */
  @Example(11)
  @IsInt()
  @Min(0)
  openTickets!: number;

  /** Null before anybody has asked Temporal. */
  @Nullable()
  @ValidateNested()
  @Type(() => AttentionView)
  attention!: AttentionView | null;
}
