import { Type } from 'class-transformer';
import {
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { VARIANTS_AT_MOST } from '../../../entities/catalog/change-variant';
import { VARIANT_STATUSES, type VariantStatus } from '../../../entities/catalog/product-status';
import { Example } from '../../../entities/describe/example';
import { Nullable } from '../../../entities/describe/nullable';
import { Digits } from '../../../entities/input/from-text';
import { Line } from '../../../entities/input/line';
import { MayBeAbsent } from '../../../entities/input/may-be-absent';
import { CURRENCIES, type Currency } from '../../../entities/values/money';
import { Instant } from '../../instant';
import { LARGEST_PRICE } from '../catalog.input';
import { TITLE_AT_MOST, Trimmed } from './staff-catalog.input';

const SKU_AT_MOST = 64;
/** What searches know as a SKU, labels print and suppliers type. */
const SKU = /^[A-Za-z0-9]+(?:[-._/][A-Za-z0-9]+)*$/;

/** A price. */
export class PriceInput {
  /** In the currency's minor unit; IRR has none, so 1 is 1 rial. */
  @Example(298_500_000)
  @IsInt()
  @Min(0)
  @Max(LARGEST_PRICE)
  amount!: number;

  @IsIn(CURRENCIES)
  currency!: Currency;
}

/** A variant to add to a product. It is active at once. */
export class AddVariantInput {
  /** Persian digits are stored as ASCII ones. */
  @Example('MOB-GA56-128-NVY')
  @Trimmed()
  @Digits()
  @Matches(SKU)
  @MaxLength(SKU_AT_MOST)
  sku!: string;

  /** What distinguishes it within its product. */
  @Example('سرمه‌ای، ۱۲۸ گیگابایت')
  @Line(TITLE_AT_MOST.variant)
  title!: string;

  @Example('Navy, 128 GB')
  @IsOptional()
  @Nullable()
  @Line(TITLE_AT_MOST.variant)
  titleEn?: string | null;

  @IsDefined()
  @ValidateNested()
  @Type(() => PriceInput)
  price!: PriceInput;
}

/** What is to be different. Fields that are left out stay as they are. */
export class ChangeVariantInput {
  @Example('MOB-GA56-128-NVY')
  @MayBeAbsent()
  @Trimmed()
  @Digits()
  @Matches(SKU)
  @MaxLength(SKU_AT_MOST)
  sku?: string;

  @Example('سرمه‌ای، ۱۲۸ گیگابایت')
  @MayBeAbsent()
  @Line(TITLE_AT_MOST.variant)
  title?: string;

  /** Null removes it. */
  @Example('Navy, 128 GB')
  @IsOptional()
  @Nullable()
  @Line(TITLE_AT_MOST.variant)
  titleEn?: string | null;

  /** Its place among the variants of its product, from 0. The others make way. */
  @Example(0)
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(VARIANTS_AT_MOST)
  position?: number;
}

/** Whether a variant is sold. */
export class VariantStatusInput {
  @IsIn(VARIANT_STATUSES)
  status!: VariantStatus;
}

/** A price from one instant to another, in place of the usual one. */
export class PlanPriceInput {
  @IsDefined()
  @ValidateNested()
  @Type(() => PriceInput)
  price!: PriceInput;

  /** The first instant at which it holds. Null, left out or over: from now on. */
  @Example('2026-12-18T00:00:00+03:30')
  @IsOptional()
  @Nullable()
  @Instant()
  startsAt?: string | null;

  /** The first instant at which the usual price holds again. */
  @Example('2026-12-22T00:00:00+03:30')
  @Instant()
  endsAt!: string;
}
