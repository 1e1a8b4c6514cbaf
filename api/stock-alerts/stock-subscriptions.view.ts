import { Type } from 'class-transformer';
import { IsArray, IsIn, IsISO8601, IsString, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import {
  STOCK_ALERT_KINDS,
  STOCK_CHANNELS,
  type StockAlertKind,
  type StockChannel,
} from '../../entities/stock-alerts/stock-subscription';

/** The variant of a subscription. */
export class WatchedVariantView {
  @IsUUID()
  id!: string;

  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  @Example('سرمه‌ای، ۱۲۸ گیگابایت')
  @IsString()
  title!: string;

  @Example('samsung-galaxy-a55')
  @IsString()
  productSlug!: string;

  @Example('گوشی موبایل سامسونگ گلکسی A55')
  @IsString()
  productTitle!: string;
}

/** What a customer waits for. */
export class AwaitedStockView {
  @IsUUID()
  id!: string;

  @ValidateNested()
  @Type(() => WatchedVariantView)
  variant!: WatchedVariantView;

  @IsIn(STOCK_CHANNELS)
  channel!: StockChannel;

  @IsISO8601()
  createdAt!: string;
}

/** Everything that a customer waits for, the oldest first. */
export class AwaitedStocksView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AwaitedStockView)
  items!: AwaitedStockView[];
}

/** The category of a subscription. */
export class WatchedCategoryView {
  @IsUUID()
  id!: string;

  @Example('گوشی موبایل')
  @IsString()
  title!: string;
}

/** Of what somebody of the staff hears. Without a variant and a category: of everything. */
export class WatchedStockView {
  @IsUUID()
  id!: string;

  @IsIn(STOCK_ALERT_KINDS)
  kind!: StockAlertKind;

  @Nullable()
  @ValidateNested()
  @Type(() => WatchedVariantView)
  variant!: WatchedVariantView | null;

  @Nullable()
  @ValidateNested()
  @Type(() => WatchedCategoryView)
  category!: WatchedCategoryView | null;

  @IsIn(STOCK_CHANNELS)
  channel!: StockChannel;

  @IsISO8601()
  createdAt!: string;
}

/** The subscriptions of one person of the staff, the oldest first. */
export class WatchedStocksView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => WatchedStockView)
  items!: WatchedStockView[];
}
