import { IsIn, IsInt, Max, Min } from 'class-validator';

import { Example } from '../describe/example';
import { CURRENCIES, type Currency } from './money';

/** An amount in the currency's minor unit; IRR has none, so 1 is 1 rial. */
export class MoneyView {
  @Example(298_500_000)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  amount!: number;

  @IsIn(CURRENCIES)
  currency!: Currency;
}
