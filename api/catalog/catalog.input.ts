import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Flag, WholeNumber } from '../../entities/input/from-text';
import { LanguageQuery } from '../middleware/language';

/** Letters and digits of any script in words joined by hyphens. */
export const SLUG = /^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u;

export const PRODUCT_SORTS = ['newest', 'price', '-price', 'best'] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];

export const LARGEST_PRICE = 1_000_000_000_000;

/** Which products, in which order, starting where. */
export class ProductsQuery extends LanguageQuery {
  /** What to search for; see docs/search.md. */
  @Example('گوشی سامسونگ')
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @Matches(/\S/, { message: 'q must hold more than spaces' })
  q?: string;

  /** The slug of a category. Its subcategories are included. */
  @Example('mobile')
  @IsOptional()
  @Matches(SLUG)
  @MaxLength(120)
  category?: string;

  /** In rials: leaves out products whose cheapest variant costs less. */
  @Example(100_000_000)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(LARGEST_PRICE)
  minPrice?: number;

  /** In rials: leaves out products whose cheapest variant costs more. */
  @Example(500_000_000)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(LARGEST_PRICE)
  maxPrice?: number;

  /** `true` leaves out products that are out of stock. */
  @IsOptional()
  @Flag()
  @IsBoolean()
  inStock?: boolean;

  /** `best` (the default with `q`, and only with it), `newest` (the default without), `price` or `-price`. */
  @Example('price')
  @IsOptional()
  @IsIn(PRODUCT_SORTS)
  sort?: ProductSort;

  @Example(12)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 24;

  /** `nextCursor` of the previous page, with the same filters and sort. */
  @Example('the-cursor-of-the-next-page')
  @IsOptional()
  @IsString()
  @Length(1, 200)
  cursor?: string;
}

/** The readable name of a product or category. */
export class SlugParams {
  @Example('samsung-galaxy-a55')
  @Matches(SLUG)
  @MaxLength(120)
  slug!: string;
}
