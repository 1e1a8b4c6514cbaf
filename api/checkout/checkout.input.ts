import { Type } from 'class-transformer';
import { IsDefined, IsOptional, Matches, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { MoneyView } from '../../entities/values/money.view';

/** A request to order the cart. */
export class CheckoutBody {
  /** The total that the buyer saw. When it has changed, nothing is ordered. */
  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyView)
  expectedTotal!: MoneyView;

  /** How the buyer wants to pay. */
  @Example('zarinpal')
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_-]{0,39}$/)
  gateway?: string;
}
