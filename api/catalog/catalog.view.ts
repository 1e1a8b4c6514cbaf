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

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { MoneyView } from '../../entities/values/money.view';
import { PictureView } from '../pictures/picture.view';

/** A category by its names. */
export class CategoryNameView {
  @Example('mobile')
  @IsString()
  slug!: string;

  @Example('گوشی موبایل')
  @IsString()
  title!: string;
}

/** A category with its subcategories, in the order in which the shop shows them. */
export class CategoryView {
  @Example('mobile')
  @IsString()
  slug!: string;

  @Example('گوشی موبایل')
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

  @Example('samsung-galaxy-a55')
  @IsString()
  slug!: string;

  @Example('گوشی موبایل سامسونگ گلکسی A55')
  @IsString()
  title!: string;

  @Example('Samsung')
  @IsString()
  brand!: string;

  /** The main picture. */
  @Example('http://127.0.0.1:3000/pictures/samsung-galaxy-a55/1.svg')
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

/** Products to show beside one. Those in stock come first. */
export class RecommendationsView {
  /** Bought with it in many orders. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ProductSummaryView)
  together!: ProductSummaryView[];

  /** Of its category or one beside it, with similar words and about the same price. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ProductSummaryView)
  similar!: ProductSummaryView[];
}

/** A page of a list of products. */
export class ProductListView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ProductSummaryView)
  items!: ProductSummaryView[];

  /** `cursor` of the next page; null on the last one. */
  @Example('the-cursor-of-the-next-page')
  @Nullable()
  @IsString()
  nextCursor!: string | null;

  /** `similar` when no product has the words of the search and these sound like them. `exact` otherwise. */
  @IsIn(['exact', 'similar'])
  match!: 'exact' | 'similar';
}

/** A form of a product that can be put into a cart. */
export class VariantView {
  @Example('ba5a2561-6e3a-820e-8548-e1c3f57699d8')
  @IsUUID()
  id!: string;

  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  @Example('سرمه‌ای، ۱۲۸ گیگابایت')
  @IsString()
  title!: string;

  @ValidateNested()
  @Type(() => MoneyView)
  price!: MoneyView;

  @IsBoolean()
  inStock!: boolean;

  /** How many units are in stock, up to what a cart line may hold. */
  @Example(14)
  @IsInt()
  @Min(0)
  available!: number;
}

/** A product with its texts and its variants. */
export class ProductView extends ProductSummaryView {
  @Example('نمایشگر ۶٫۶ اینچی سوپر امولد با نرخ نوسازی ۱۲۰ هرتز.')
  @IsString()
  description!: string;

  /** Every picture in its largest size, the main one first. */
  @Example(['http://127.0.0.1:3000/pictures/samsung-galaxy-a55/1.svg'])
  @IsArray()
  @IsString({ each: true })
  imageUrls!: string[];

  /** The same pictures in all sizes, with what they show. Empty where the shop has only addresses of pictures. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PictureView)
  pictures!: PictureView[];

  /** The path from the top of the tree to the category of the product. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CategoryNameView)
  categories!: CategoryNameView[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => VariantView)
  variants!: VariantView[];

  /** The first six of each kind. There is a route for all of them. */
  @ValidateNested()
  @Type(() => RecommendationsView)
  recommendations!: RecommendationsView;

  @IsISO8601()
  createdAt!: string;

  @IsISO8601()
  updatedAt!: string;
}
