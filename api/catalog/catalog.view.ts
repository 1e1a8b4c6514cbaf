import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsString,
  IsUUID,
  Min,
  ValidateNested,
} from 'class-validator';

import { MoneyView } from '../openapi/money.view';
import { Nullable } from '../openapi/nullable';

/** A category by its names. */
export class CategoryNameView {
  @IsString()
  slug!: string;

  @IsString()
  title!: string;
}

/** A category with its subcategories, in the order in which the shop shows them. */
export class CategoryView {
  @IsString()
  slug!: string;

  @IsString()
  title!: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CategoryView)
  children!: CategoryView[];
}

/** A product as lists show it. */
export class ProductSummaryView {
  @IsUUID()
  id!: string;

  @IsString()
  slug!: string;

  @IsString()
  title!: string;

  @IsString()
  brand!: string;

  /** The first picture. */
  @Nullable()
  @IsString()
  imageUrl!: string | null;

  @ValidateNested()
  @Type(() => CategoryNameView)
  category!: CategoryNameView;

  /** The price of its cheapest variant. */
  @ValidateNested()
  @Type(() => MoneyView)
  priceFrom!: MoneyView;

  /** The price of its most expensive variant. */
  @ValidateNested()
  @Type(() => MoneyView)
  priceTo!: MoneyView;

  /** Whether any variant is in stock. */
  @IsBoolean()
  inStock!: boolean;
}

/** A page of a list of products. */
export class ProductListView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ProductSummaryView)
  items!: ProductSummaryView[];

  /** `cursor` of the next page; null on the last one. */
  @Nullable()
  @IsString()
  nextCursor!: string | null;

  /** `similar` when no product has the words of the search and these sound like them. `exact` otherwise. */
  @IsIn(['exact', 'similar'])
  match!: 'exact' | 'similar';
}

/** A form of a product that can be put into a cart. */
export class VariantView {
  @IsUUID()
  id!: string;

  @IsString()
  sku!: string;

  @IsString()
  title!: string;

  @ValidateNested()
  @Type(() => MoneyView)
  price!: MoneyView;

  @IsBoolean()
  inStock!: boolean;

  /** How many units are in stock, up to what a cart line may hold. */
  @IsInt()
  @Min(0)
  available!: number;
}

/** A product with its texts and its variants. */
export class ProductView extends ProductSummaryView {
  @IsString()
  description!: string;

  @IsArray()
  @IsString({ each: true })
  imageUrls!: string[];

  /** The path from the top of the tree to the category of the product. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CategoryNameView)
  categories!: CategoryNameView[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => VariantView)
  variants!: VariantView[];

  @IsISO8601()
  createdAt!: string;

  @IsISO8601()
  updatedAt!: string;
}
