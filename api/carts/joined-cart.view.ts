import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsUUID, Min, ValidateNested } from 'class-validator';

import { STAYS } from '../../entities/carts/join-cart';
import { Example } from '../../entities/describe/example';

/** A line of the saved cart that did not come along. */
export class LineLeftBehindView {
  @Example('ba5a2561-6e3a-820e-8548-e1c3f57699d8')
  @IsUUID()
  variantId!: string;

  @Example(1)
  @IsInt()
  @Min(1)
  quantity!: number;

  @IsIn(STAYS)
  reason!: (typeof STAYS)[number];
}

/** What became of the cart that was brought along to the sign-in. */
export class JoinedCartView {
  /** Whether it is the customer's now. Otherwise forget its token. */
  @IsBoolean()
  isJoined!: boolean;

  /** Lines of the saved cart that stay there. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LineLeftBehindView)
  leftBehind!: readonly LineLeftBehindView[];
}
