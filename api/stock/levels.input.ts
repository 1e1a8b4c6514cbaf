import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id, WholeNumber } from '../../entities/input/from-text';
import { Line } from '../../entities/input/line';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { CORRECTION_CAUSES, type CorrectionCause } from '../../entities/inventory/stock-movement';
import { MOST_UNITS, LONGEST_NOTE } from './stock.input';

/** Which levels. */
export class LevelsQuery {
  /** The beginning of SKUs. */
  @Example('MOB-')
  @IsOptional()
  @IsString()
  @Length(1, 64)
  sku?: string;

  @IsOptional()
  @Id()
  locationId?: string;

  @Example(50)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 50;

  /** `next` of the part before, with the same filters. */
  @Example('the-cursor-of-the-next-part')
  @IsOptional()
  @IsString()
  @Length(1, 300)
  cursor?: string;
}

/** Goods that came in or went, beside sales and transfers. */
export class BookingInput {
  @Id()
  variantId!: string;

  @Id()
  locationId!: string;

  /** `received` from a supplier, `return` of a buyer, or a `correction`, which has a cause. */
  @IsIn(['received', 'return', 'correction'])
  reason!: 'received' | 'return' | 'correction';

  /** Of a correction, and only of one. */
  @MayBeAbsent()
  @IsIn(CORRECTION_CAUSES)
  cause?: CorrectionCause;

  /** Units in (positive) or out (negative), not zero. Only a correction takes units out. */
  @Example(5)
  @IsInt()
  @Min(-MOST_UNITS)
  @Max(MOST_UNITS)
  quantity!: number;

  @Example('رسید ۱۲')
  @MayBeAbsent()
  @Line(LONGEST_NOTE)
  note?: string;
}

/** The stock of a level as somebody has seen it, and as it shall be. */
export class SetLevelInput {
  /** The units on hand that you have seen. */
  @Example(10)
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  seen!: number;

  /** The units that shall be on hand. */
  @Example(8)
  @IsInt()
  @Min(0)
  @Max(MOST_UNITS)
  onHand!: number;

  @IsIn(CORRECTION_CAUSES)
  cause!: CorrectionCause;

  @Example('دو عدد شکسته')
  @MayBeAbsent()
  @Line(LONGEST_NOTE)
  note?: string;
}
