import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { Id } from '../../entities/input/from-text';
import { Line } from '../../entities/input/line';
import { MayBeAbsent, MayBeNull } from '../../entities/input/may-be-absent';
import { SUPPLIER_CHANNELS, type SupplierChannelKind } from '../../entities/purchasing/supplier';
import { MOST_ORDERED_UNITS } from './purchase-orders.input';

const MOST_RIALS = 1_000_000_000_000;

/** Which supplier. */
export class SupplierParams {
  @Id()
  id!: string;
}

/** Which goods of which supplier. */
export class SupplierItemParams extends SupplierParams {
  @Id()
  variantId!: string;
}

/** How a supplier takes orders and delivers. */
export class SupplierInput {
  @Example('پخش کالای پارس')
  @Line(200)
  name!: string;

  /** A URL for a webhook, an e-mail address for e-mail, null for a person. */
  @Example('https://supplier.example/orders')
  @Nullable()
  @MayBeNull()
  @IsString()
  @Length(3, 500)
  @Matches(/^[\x21-\x7e]+$/)
  address!: string | null;

  /** Working days from the order to the delivery. */
  @Example(3)
  @IsInt()
  @Min(1)
  @Max(365)
  leadDays!: number;

  /** Standard deviation of it, in working days. */
  @Example(1)
  @MayBeAbsent()
  @IsNumber()
  @Min(0)
  @Max(365)
  leadSd = 0;

  /** Minutes after midnight in Tehran by which an order must be there to be taken the same day. */
  @Example(840)
  @IsInt()
  @Min(0)
  @Max(1_439)
  cutoffMinute!: number;

  /** Weekdays from Saturday (0) to Thursday (5) on which orders are taken. */
  @Example([0, 1, 2, 3, 4])
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(6)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(5, { each: true })
  weekdays!: number[];

  /** Days between two looks at the stock of its goods. */
  @Example(1)
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(365)
  reviewDays = 1;

  /** Rials below which it takes no order. */
  @Example(5_000_000)
  @Nullable()
  @MayBeNull()
  @IsInt()
  @Min(1)
  @Max(MOST_RIALS)
  minimumValue: number | null = null;

  /** Rials above which another person must approve an order. */
  @Example(500_000_000)
  @Nullable()
  @MayBeNull()
  @IsInt()
  @Min(0)
  @Max(MOST_RIALS)
  approvalLimit: number | null = null;
}

/** A new supplier. */
export class CreateSupplierInput extends SupplierInput {
  /** `manual`: a person tells it. */
  @Example('webhook')
  @IsIn(SUPPLIER_CHANNELS)
  channel!: SupplierChannelKind;
}

/** A variant as a supplier sells it. */
export class SupplierItemInput {
  /** The supplier's own name for it. */
  @Example('PRS-1044')
  @Line(100)
  supplierSku!: string;

  /** Only whole packs are ordered. */
  @Example(12)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(100_000)
  pack = 1;

  @Example(24)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(MOST_ORDERED_UNITS)
  minimumOrder = 1;

  /** Rials per unit. */
  @Example(1_200_000)
  @Nullable()
  @MayBeNull()
  @IsInt()
  @Min(0)
  @Max(MOST_RIALS)
  unitCost: number | null = null;

  /** Whether the variant is ordered here by itself. It takes the preference from another supplier. */
  @Example(true)
  @MayBeAbsent()
  @IsBoolean()
  preferred = false;
}
