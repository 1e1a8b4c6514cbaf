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

/** The product that a line's variant belongs to. */
export class CartProductView {
  @IsString()
  slug!: string;

  @IsString()
  title!: string;
}

/** So many units of a variant, at this moment's price. */
export class CartLineView {
  @IsUUID()
  variantId!: string;

  @IsString()
  sku!: string;

  /** What distinguishes it within its product. */
  @IsString()
  title!: string;

  @ValidateNested()
  @Type(() => CartProductView)
  product!: CartProductView;

  @Nullable()
  @IsString()
  imageUrl!: string | null;

  @IsInt()
  @Min(1)
  quantity!: number;

  @ValidateNested()
  @Type(() => MoneyView)
  unitPrice!: MoneyView;

  /** Unit price times quantity; 0 when it is not for sale any more. */
  @ValidateNested()
  @Type(() => MoneyView)
  total!: MoneyView;

  /** Whether it is still for sale; a line that is not counts for nothing and must be removed to check out. */
  @IsBoolean()
  sellable!: boolean;

  /** How many units can be had now, but never more than a line may hold. */
  @IsInt()
  @Min(0)
  available!: number;
}

/** Something that is not as the guest last saw or wants it. */
export class CartChangeView {
  @IsUUID()
  variantId!: string;

  /** `price` in rials; `availability` and `not_sellable` in units: wanted, and to be had. */
  @IsIn(['price', 'availability', 'not_sellable'])
  kind!: 'price' | 'availability' | 'not_sellable';

  @IsInt()
  @Min(0)
  was!: number;

  @IsInt()
  @Min(0)
  is!: number;
}

/** A cart as it stands at this moment. */
export class CartView {
  /** Goes up with every change of the cart. */
  @IsInt()
  @Min(1)
  version!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CartLineView)
  lines!: CartLineView[];

  /** Units of all lines that are for sale. */
  @IsInt()
  @Min(0)
  units!: number;

  /** What checkout expects as `expectedTotal`. */
  @ValidateNested()
  @Type(() => MoneyView)
  total!: MoneyView;

  /** Prices stay in the list until they are acknowledged, the others until they are no longer so. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CartChangeView)
  changes!: CartChangeView[];

  /** Whether nothing in the cart stands in the way of ordering it at this moment. */
  @IsBoolean()
  orderable!: boolean;

  @IsISO8601()
  updatedAt!: string;
}

/** A fresh cart with its token, which is told this once and opens the cart to whoever shows it. */
export class OpenedCartView {
  @IsString()
  token!: string;

  @ValidateNested()
  @Type(() => CartView)
  cart!: CartView;
}
