import { Transform, Type } from 'class-transformer';
import {
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import { CATEGORIES_AT_MOST } from '../../../entities/catalog/change-category';
import { VARIANTS_AT_MOST } from '../../../entities/catalog/change-variant';
import {
  PRODUCT_STATUSES,
  VARIANT_STATUSES,
  type ProductStatus,
  type VariantStatus,
} from '../../../entities/catalog/product-status';
import { CURRENCIES, type Currency } from '../../../entities/values/money';
import { Digits, Id, WholeNumber } from '../../from-text';
import { Instant } from '../../instant';
import { Line, Prose } from '../../line';
import { MayBeAbsent } from '../../may-be-absent';
import { Example } from '../../openapi/example';
import { Nullable } from '../../openapi/nullable';
import { LARGEST_PRICE, SLUG } from '../catalog.input';

const TITLE_AT_MOST = { product: 250, variant: 140, category: 200 };
const BRAND_AT_MOST = 120;
const KEYWORDS_AT_MOST = 500;
const DESCRIPTION_AT_MOST = 20_000;
const SLUG_AT_MOST = 120;
const SKU_AT_MOST = 64;
/** What searches know as a SKU, labels print and suppliers type. */
const SKU = /^[A-Za-z0-9]+(?:[-._/][A-Za-z0-9]+)*$/;

/** For a field that may be left out, or empty. */
function MayBeEmpty(): PropertyDecorator {
  return ValidateIf((_input, value) => value !== undefined && value !== '');
}

/** White space around it goes, and letters are composed. */
function Trimmed(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.normalize('NFC').trim() : value,
  );
}

/** Which product, variant, planned price or category. */
export class IdParams {
  @Id()
  id!: string;
}

/** A product to make. It begins as a draft without variants. */
export class CreateProductInput {
  /** Its readable name in addresses. */
  @Example('samsung-galaxy-a56')
  @Trimmed()
  @Matches(SLUG)
  @MaxLength(SLUG_AT_MOST)
  slug!: string;

  @Example('گوشی موبایل سامسونگ گلکسی A56')
  @Line(TITLE_AT_MOST.product)
  title!: string;

  /** Null or left out: the Persian title is shown in its place. */
  @Example('Samsung Galaxy A56')
  @IsOptional()
  @Nullable()
  @Line(TITLE_AT_MOST.product)
  titleEn?: string | null;

  @Example('Samsung')
  @MayBeEmpty()
  @Line(BRAND_AT_MOST)
  brand?: string;

  /** Other words that people search for. They are not shown. */
  @Example('گلکسی ای ۵۶')
  @MayBeEmpty()
  @Line(KEYWORDS_AT_MOST)
  keywords?: string;

  @Example('نمایشگر ۶٫۷ اینچی سوپر امولد.')
  @MayBeAbsent()
  @Prose(DESCRIPTION_AT_MOST)
  description?: string;

  @Id()
  categoryId!: string;
}

/** What is to be different. Fields that are left out stay as they are. */
export class ChangeProductInput {
  @Example('samsung-galaxy-a56')
  @MayBeAbsent()
  @Trimmed()
  @Matches(SLUG)
  @MaxLength(SLUG_AT_MOST)
  slug?: string;

  @Example('گوشی موبایل سامسونگ گلکسی A56')
  @MayBeAbsent()
  @Line(TITLE_AT_MOST.product)
  title?: string;

  /** Null removes it. */
  @Example('Samsung Galaxy A56')
  @IsOptional()
  @Nullable()
  @Line(TITLE_AT_MOST.product)
  titleEn?: string | null;

  @Example('Samsung')
  @MayBeEmpty()
  @Line(BRAND_AT_MOST)
  brand?: string;

  @Example('گلکسی ای ۵۶')
  @MayBeEmpty()
  @Line(KEYWORDS_AT_MOST)
  keywords?: string;

  @Example('نمایشگر ۶٫۷ اینچی سوپر امولد.')
  @MayBeAbsent()
  @Prose(DESCRIPTION_AT_MOST)
  description?: string;

  @MayBeAbsent()
  @Id()
  categoryId?: string;
}

const TARGETS = ['published', 'archived'] as const satisfies readonly ProductStatus[];

/** Where a product is to be moved. */
export class MoveProductInput {
  @IsIn(TARGETS)
  status!: (typeof TARGETS)[number];
}

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

/** A category to make, the last of its siblings. */
export class CreateCategoryInput {
  @Example('tablet')
  @Trimmed()
  @Matches(SLUG)
  @MaxLength(SLUG_AT_MOST)
  slug!: string;

  @Example('تبلت')
  @Line(TITLE_AT_MOST.category)
  title!: string;

  @Example('Tablets')
  @IsOptional()
  @Nullable()
  @Line(TITLE_AT_MOST.category)
  titleEn?: string | null;

  /** Null or left out: at the top. */
  @IsOptional()
  @Nullable()
  @Id()
  parentId?: string | null;
}

/** What is to be different. Fields that are left out stay as they are. */
export class ChangeCategoryInput {
  @Example('tablet')
  @MayBeAbsent()
  @Trimmed()
  @Matches(SLUG)
  @MaxLength(SLUG_AT_MOST)
  slug?: string;

  @Example('تبلت')
  @MayBeAbsent()
  @Line(TITLE_AT_MOST.category)
  title?: string;

  /** Null removes it. */
  @Example('Tablets')
  @IsOptional()
  @Nullable()
  @Line(TITLE_AT_MOST.category)
  titleEn?: string | null;

  /** Null moves it to the top, with all that is below it. */
  @IsOptional()
  @Nullable()
  @Id()
  parentId?: string | null;

  /** Its place among its siblings, from 0. The others make way. */
  @Example(0)
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(CATEGORIES_AT_MOST)
  position?: number;
}

/** Which products, starting where. */
export class StaffProductsQuery {
  /** Words of a product or its variants, or a SKU. */
  @Example('گوشی سرمه‌ای')
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @Matches(/\S/, { message: 'q must hold more than spaces' })
  q?: string;

  @IsOptional()
  @IsIn(PRODUCT_STATUSES)
  status?: ProductStatus;

  /** The slug of a category. Its subcategories are included. */
  @Example('mobile')
  @IsOptional()
  @Matches(SLUG)
  @MaxLength(SLUG_AT_MOST)
  category?: string;

  @Example(24)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 24;

  /** `nextCursor` of the previous page, with the same filters. */
  @Example('the-cursor-of-the-next-page')
  @IsOptional()
  @IsString()
  @Length(1, 200)
  cursor?: string;
}
