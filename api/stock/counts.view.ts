import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { COUNT_STATUSES, type CountStatus } from '../../entities/stocktaking/count-status';

/** A count of goods at a location. */
export class CountSummaryView {
  @IsUUID()
  id!: string;

  /** Its name for people. */
  @Example(4)
  @IsInt()
  number!: number;

  @IsUUID()
  locationId!: string;

  @IsIn(COUNT_STATUSES)
  status!: CountStatus;

  @Nullable()
  @Example(null)
  @IsString()
  note!: string | null;

  /** The account of whoever opened it. */
  @IsUUID()
  createdBy!: string;

  @IsISO8601()
  createdAt!: string;

  /** The account of whoever approved or cancelled it. */
  @Nullable()
  @IsUUID()
  endedBy!: string | null;

  @Nullable()
  @IsISO8601()
  endedAt!: string | null;

  /** The number in the `ETag`, for `If-Match`. */
  @Example(9)
  @IsInt()
  version!: number;

  /** How many variants it has. */
  @Example(1)
  @IsInt()
  lineCount!: number;
}

/** A variant in a count. */
export class CountLineView {
  @IsUUID()
  variantId!: string;

  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  /** What should have lain on the shelf when somebody began to count: on hand, and sold but not shipped. */
  @Example(12)
  @IsInt()
  expected!: number;

  /** Null until somebody has counted. */
  @Nullable()
  @Example(11)
  @IsInt()
  counted!: number | null;

  /** What approving books. What was sold, received or shipped since the line began survives. */
  @Nullable()
  @Example(-1)
  @IsInt()
  difference!: number | null;

  /** The account of whoever counted last. */
  @IsUUID()
  countedBy!: string;

  /** Somebody has corrected its stock since the line began: begin to count it again. */
  @Example(false)
  @IsBoolean()
  isOutdated!: boolean;

  /** At present. */
  @Example(12)
  @IsInt()
  onHand!: number;

  /** At present. An approval that would leave less is refused. */
  @Example(2)
  @IsInt()
  reserved!: number;
}

/** A count with its lines, which show what approving would book. */
export class CountView extends CountSummaryView {
  /** By SKU. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CountLineView)
  lines!: CountLineView[];

  /** Units of all differences, whatever their sign. */
  @Example(1)
  @IsInt()
  differingUnits!: number;

  /** Their value in rials at the present prices. */
  @Example(250_000)
  @IsInt()
  differingValue!: number;

  /** Whether only somebody who has not counted may approve it. */
  @Example(false)
  @IsBoolean()
  needsAnother!: boolean;
}

/** A part of the counts, the newest first. */
export class CountsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CountSummaryView)
  items!: CountSummaryView[];

  /** `before` of the next part; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  next!: number | null;
}
