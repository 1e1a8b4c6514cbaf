import {
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
} from 'class-validator';

import { PRODUCT_STATUSES, type ProductStatus } from '../../../entities/catalog/product-status';
import { Example } from '../../../entities/describe/example';
import { Nullable } from '../../../entities/describe/nullable';
import { Id, WholeNumber } from '../../../entities/input/from-text';
import { Line, Prose } from '../../../entities/input/line';
import { MayBeAbsent } from '../../../entities/input/may-be-absent';
import { SLUG } from '../catalog.input';
import { TITLE_AT_MOST, SLUG_AT_MOST, Trimmed } from './staff-catalog.input';

const BRAND_AT_MOST = 120;
const KEYWORDS_AT_MOST = 500;
const DESCRIPTION_AT_MOST = 20_000;

/** For a field that may be left out, or empty. */
function MayBeEmpty(): PropertyDecorator {
  return ValidateIf((_input, value) => value !== undefined && value !== '');
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
