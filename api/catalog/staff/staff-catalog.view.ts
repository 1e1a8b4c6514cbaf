import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsString, IsUUID, Min, ValidateNested } from 'class-validator';

import {
  PRODUCT_STATUSES,
  VARIANT_STATUSES,
  type ProductStatus,
  type VariantStatus,
} from '../../../entities/catalog/product-status';
import { Example } from '../../../entities/describe/example';
import { Nullable } from '../../../entities/describe/nullable';
import { MoneyView } from '../../../entities/values/money.view';

/** A price from one instant to another. */
export class PlannedPriceView {
  @IsUUID()
  id!: string;

  @ValidateNested()
  @Type(() => MoneyView)
  price!: MoneyView;

  /** The first instant at which it holds. */
  @IsISO8601()
  startsAt!: string;

  /** The first instant at which it does not hold any more. */
  @IsISO8601()
  endsAt!: string;
}

/** A variant as staff see it. */
export class StaffVariantView {
  @IsUUID()
  id!: string;

  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  @Example('سرمه‌ای، ۱۲۸ گیگابایت')
  @IsString()
  title!: string;

  @Example('Navy, 128 GB')
  @Nullable()
  @IsString()
  titleEn!: string | null;

  @IsIn(VARIANT_STATUSES)
  status!: VariantStatus;

  /** The usual price. */
  @ValidateNested()
  @Type(() => MoneyView)
  price!: MoneyView;

  /** What it costs now: the usual price, or a planned one. */
  @ValidateNested()
  @Type(() => MoneyView)
  priceNow!: MoneyView;

  /** Those that hold or are to come, the next first. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PlannedPriceView)
  plannedPrices!: PlannedPriceView[];

  /** How many units can be bought now, at all locations. */
  @Example(14)
  @IsInt()
  available!: number;
}

/** A product as staff see it. Its version is the `ETag`. */
export class StaffProductView {
  @IsUUID()
  id!: string;

  @Example('samsung-galaxy-a55')
  @IsString()
  slug!: string;

  @Example('گوشی موبایل سامسونگ گلکسی A55')
  @IsString()
  title!: string;

  @Example('Samsung Galaxy A55')
  @Nullable()
  @IsString()
  titleEn!: string | null;

  @Example('Samsung')
  @IsString()
  brand!: string;

  @Example('گلکسی ای ۵۵')
  @IsString()
  keywords!: string;

  @Example('نمایشگر ۶٫۶ اینچی سوپر امولد با نرخ نوسازی ۱۲۰ هرتز.')
  @IsString()
  description!: string;

  @IsUUID()
  categoryId!: string;

  @IsIn(PRODUCT_STATUSES)
  status!: ProductStatus;

  /** All variants, also retired ones, in the order in which the shop shows them. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StaffVariantView)
  variants!: StaffVariantView[];

  /** Goes up with every change of the product, its variants, prices and pictures. */
  @Example(3)
  @IsInt()
  @Min(0)
  version!: number;

  @IsISO8601()
  createdAt!: string;

  @IsISO8601()
  updatedAt!: string;
}

/** A product as lists for staff show it. */
export class StaffProductSummaryView {
  @IsUUID()
  id!: string;

  @Example('samsung-galaxy-a55')
  @IsString()
  slug!: string;

  @Example('گوشی موبایل سامسونگ گلکسی A55')
  @IsString()
  title!: string;

  @Example('Samsung Galaxy A55')
  @Nullable()
  @IsString()
  titleEn!: string | null;

  @Example('Samsung')
  @IsString()
  brand!: string;

  @IsUUID()
  categoryId!: string;

  @IsIn(PRODUCT_STATUSES)
  status!: ProductStatus;

  /** How many variants it has, also retired ones. */
  @Example(2)
  @IsInt()
  variants!: number;

  @Example(3)
  @IsInt()
  @Min(0)
  version!: number;

  @IsISO8601()
  createdAt!: string;
}

/** A page of products, the newest first. */
export class StaffProductsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StaffProductSummaryView)
  items!: StaffProductSummaryView[];

  /** `cursor` of the next page; null on the last one. */
  @Example('the-cursor-of-the-next-page')
  @Nullable()
  @IsString()
  nextCursor!: string | null;
}

/** A category as staff see it. Its version is the `ETag` of changes. */
export class StaffCategoryView {
  @IsUUID()
  id!: string;

  @Example('mobile')
  @IsString()
  slug!: string;

  @Example('گوشی موبایل')
  @IsString()
  title!: string;

  @Example('Mobile phones')
  @Nullable()
  @IsString()
  titleEn!: string | null;

  /** Null at the top. */
  @Nullable()
  @IsUUID()
  parentId!: string | null;

  /** How many products are in it, without those of its subcategories. */
  @Example(12)
  @IsInt()
  products!: number;

  @Example(1)
  @IsInt()
  @Min(0)
  version!: number;
}

/** All categories: siblings in the order in which the shop shows them. */
export class StaffCategoriesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StaffCategoryView)
  items!: StaffCategoryView[];
}
