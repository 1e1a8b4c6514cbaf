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
import { ERRORS, type ErrorCode } from '../../entities/errors';
import { MoneyView } from '../../entities/values/money.view';
import { RecipientView } from '../me/recipient.view';

/** The product that a line's variant belongs to. */
export class CartProductView {
  @Example('samsung-galaxy-a55')
  @IsString()
  slug!: string;

  @Example('گوشی موبایل سامسونگ گلکسی A55')
  @IsString()
  title!: string;
}

/** Some units of a variant, at the current price. */
export class CartLineView {
  @Example('ba5a2561-6e3a-820e-8548-e1c3f57699d8')
  @IsUUID()
  variantId!: string;

  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  /** What distinguishes the variant within its product. */
  @Example('سرمه‌ای، ۱۲۸ گیگابایت')
  @IsString()
  title!: string;

  @ValidateNested()
  @Type(() => CartProductView)
  product!: CartProductView;

  @Example('http://127.0.0.1:3000/pictures/samsung-galaxy-a55/1.svg')
  @Nullable()
  @IsString()
  imageUrl!: string | null;

  @Example(1)
  @IsInt()
  @Min(1)
  quantity!: number;

  @ValidateNested()
  @Type(() => MoneyView)
  unitPrice!: MoneyView;

  /** Unit price times quantity; 0 when it is no longer for sale. */
  @ValidateNested()
  @Type(() => MoneyView)
  total!: MoneyView;

  /** Whether it is still for sale. A line that is not counts for nothing and must be removed before checkout. */
  @IsBoolean()
  sellable!: boolean;

  /** How many units are in stock, up to what a line may hold. */
  @Example(14)
  @IsInt()
  @Min(0)
  available!: number;
}

/** A difference from what the guest last saw, or from what the guest wants. */
export class CartChangeView {
  @Example('ba5a2561-6e3a-820e-8548-e1c3f57699d8')
  @IsUUID()
  variantId!: string;

  /** `was` and `is` are rials for `price`, and wanted and available units for `availability` and `not_sellable`. */
  @IsIn(['price', 'availability', 'not_sellable'])
  kind!: 'price' | 'availability' | 'not_sellable';

  @Example(279_000_000)
  @IsInt()
  @Min(0)
  was!: number;

  @Example(298_500_000)
  @IsInt()
  @Min(0)
  is!: number;
}

/** A cart at current prices and stock. */
export class CartView {
  /** Grows with every change of the cart. */
  @Example(2)
  @IsInt()
  @Min(1)
  version!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CartLineView)
  lines!: CartLineView[];

  /** Units of all lines that are for sale. */
  @Example(1)
  @IsInt()
  @Min(0)
  units!: number;

  /** What checkout expects as `expectedTotal`. */
  @ValidateNested()
  @Type(() => MoneyView)
  total!: MoneyView;

  /** Who gets the goods. Null until the cart says so. */
  @Nullable()
  @ValidateNested()
  @Type(() => RecipientView)
  recipient!: RecipientView | null;

  /** A price stays in the list until it is acknowledged, the others as long as they are true. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CartChangeView)
  changes!: CartChangeView[];

  /** Whether the cart can be ordered as it is. */
  @IsBoolean()
  orderable!: boolean;

  /** The code with which checkout would refuse the cart as it is; null when it can be ordered. */
  @Nullable()
  @IsIn(Object.keys(ERRORS))
  refusal!: ErrorCode | null;

  @IsISO8601()
  updatedAt!: string;
}

/** A new cart with its token. The token is sent only this once, and it opens the cart for everybody who has it. */
export class OpenedCartView {
  @Example('the-token-of-the-cart')
  @IsString()
  token!: string;

  @ValidateNested()
  @Type(() => CartView)
  cart!: CartView;
}
