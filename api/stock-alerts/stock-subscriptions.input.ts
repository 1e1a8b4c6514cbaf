import { IsIn, IsOptional } from 'class-validator';

import { Id } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import {
  STOCK_ALERT_KINDS,
  STOCK_CHANNELS,
  type StockAlertKind,
  type StockChannel,
} from '../../entities/stock-alerts/stock-subscription';

/** What a customer waits for. */
export class AwaitStockInput {
  @Id()
  variantId!: string;

  @MayBeAbsent()
  @IsIn(STOCK_CHANNELS)
  channel: StockChannel = 'sms';
}

/** Of what somebody of the staff wants to hear. Without a variant and a category: of everything. */
export class WatchStockInput {
  @IsIn(STOCK_ALERT_KINDS)
  kind!: StockAlertKind;

  @IsOptional()
  @Id()
  variantId?: string | null;

  /** The categories below it are included. */
  @IsOptional()
  @Id()
  categoryId?: string | null;

  @MayBeAbsent()
  @IsIn(STOCK_CHANNELS)
  channel: StockChannel = 'sms';
}

/** Which subscription. */
export class StockSubscriptionParams {
  @Id()
  id!: string;
}
