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

import { HOLD_FINDINGS, type HoldFinding } from '../../entities/checkout/audit-holds';
import { LOCATION_KINDS, type LocationKind } from '../../entities/inventory/stock-location';
import {
  CORRECTION_CAUSES,
  MOVEMENT_REASONS,
  type CorrectionCause,
  type MovementReason,
} from '../../entities/inventory/stock-movement';
import { COUNT_STATUSES, type CountStatus } from '../../entities/stocktaking/count-status';
import { TRANSFER_STATUSES, type TransferStatus } from '../../entities/transfers/transfer-status';
import { Example } from '../openapi/example';
import { Nullable } from '../openapi/nullable';

/** A place that stores goods. */
export class LocationView {
  @IsUUID()
  id!: string;

  /** Its name in tables. */
  @Example('main')
  @IsString()
  code!: string;

  @Example('انبار مرکزی')
  @IsString()
  title!: string;

  /** Orders are taken from the location with the lowest one first. */
  @Example(100)
  @IsInt()
  priority!: number;

  /** Whether orders are taken from it. */
  @Example(true)
  @IsBoolean()
  sells!: boolean;

  @IsIn(LOCATION_KINDS)
  kind!: LocationKind;

  /** The number in the `ETag`, for `If-Match`. */
  @Example(3)
  @IsInt()
  version!: number;
}

/** All locations, in the order in which orders are taken from them. */
export class LocationsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LocationView)
  items!: LocationView[];
}

/** What a booking left of a level. */
export class BookedLevelView {
  @IsUUID()
  variantId!: string;

  @IsUUID()
  locationId!: string;

  /** Units that are neither sold nor away; orders may hold some of them. */
  @Example(10)
  @IsInt()
  onHand!: number;

  /** Units that orders hold. */
  @Example(2)
  @IsInt()
  reserved!: number;

  /** The number of the last movement. */
  @Example(7)
  @IsInt()
  seq!: number;
}

/** The stock of a variant at a location. */
export class LevelView extends BookedLevelView {
  /** Its name in the journal. */
  @IsUUID()
  id!: string;

  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  @Example('گوشی سامسونگ گلکسی A55')
  @IsString()
  productTitle!: string;

  @Example('سرمه‌ای، ۱۲۸ گیگابایت')
  @IsString()
  variantTitle!: string;

  /** Nothing of it is sold or received any more. */
  @Example(false)
  @IsBoolean()
  isRetired!: boolean;

  /** On hand less reserved. */
  @Example(8)
  @IsInt()
  free!: number;

  /** Sold units that have not left: they lie on the shelf beside what is on hand. */
  @Example(1)
  @IsInt()
  unshipped!: number;

  /** On its way from other locations. */
  @Example(0)
  @IsInt()
  inTransit!: number;

  /** Ordered from suppliers. */
  @Example(0)
  @IsInt()
  incoming!: number;

  /** The units on hand at which stock is low. Null: nobody is told. */
  @Nullable()
  @Example(3)
  @IsInt()
  reorderPoint!: number | null;
}

/** A part of the levels, by SKU and location. */
export class LevelsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LevelView)
  items!: LevelView[];

  /** `cursor` of the next part; null at the end. */
  @Nullable()
  @Example(null)
  @IsString()
  next!: string | null;
}

/** One change of the stock on hand. */
export class MovementView {
  /** Counts the movements of the level from 1. */
  @Example(7)
  @IsInt()
  @Min(1)
  seq!: number;

  @Example(-2)
  @IsInt()
  delta!: number;

  @Example(10)
  @IsInt()
  onHandAfter!: number;

  @IsIn(MOVEMENT_REASONS)
  reason!: MovementReason;

  /** The act behind it: an order, a receipt, a count. */
  @Example('0197f3a0-5d52-7bd0-9c1e-3f6f6f1d2a11')
  @IsString()
  ref!: string;

  /** Of corrections. */
  @Nullable()
  @IsIn(CORRECTION_CAUSES)
  cause!: CorrectionCause | null;

  /** The account of whoever booked it; null for the shop itself. */
  @Nullable()
  @IsUUID()
  actorId!: string | null;

  @Nullable()
  @Example(null)
  @IsString()
  note!: string | null;

  @IsISO8601()
  at!: string;
}

/** A part of the history of a level, the newest first. */
export class MovementsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MovementView)
  items!: MovementView[];

  /** `before` of the next part; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  next!: number | null;
}

/** Units of a variant in a transfer. What is neither received, returned nor lost is in transit. */
export class TransferLineView {
  @IsUUID()
  variantId!: string;

  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  @Example(5)
  @IsInt()
  sent!: number;

  @Example(2)
  @IsInt()
  received!: number;

  @Example(0)
  @IsInt()
  returned!: number;

  @Example(0)
  @IsInt()
  lost!: number;
}

/** Goods on their way from one location to another. */
export class TransferView {
  @IsUUID()
  id!: string;

  /** Its name for people. */
  @Example(12)
  @IsInt()
  number!: number;

  @IsUUID()
  fromId!: string;

  @IsUUID()
  toId!: string;

  @IsIn(TRANSFER_STATUSES)
  status!: TransferStatus;

  @Nullable()
  @Example(null)
  @IsString()
  note!: string | null;

  @IsISO8601()
  createdAt!: string;

  @Nullable()
  @IsISO8601()
  shippedAt!: string | null;

  /** When all that was sent was accounted for. */
  @Nullable()
  @IsISO8601()
  endedAt!: string | null;

  /** The number in the `ETag`, for `If-Match`. */
  @Example(2)
  @IsInt()
  version!: number;

  /** By SKU. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TransferLineView)
  lines!: TransferLineView[];
}

/** A part of the transfers, the newest first. */
export class TransfersView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TransferView)
  items!: TransferView[];

  /** `before` of the next part; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  next!: number | null;
}

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

/** Units of an order that were sold from a location. */
export class SoldUnitsView {
  @IsUUID()
  variantId!: string;

  @IsUUID()
  locationId!: string;

  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  @Example(2)
  @IsInt()
  quantity!: number;

  /** How many of them have left the location. */
  @Example(1)
  @IsInt()
  shipped!: number;
}

/** What an order has sold, by SKU and location. Nothing before it is paid. */
export class SoldOrderView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SoldUnitsView)
  lines!: SoldUnitsView[];
}

/** What an import did, or had done before. */
export class ImportView {
  @IsUUID()
  id!: string;

  @Example(120)
  @IsInt()
  lines!: number;

  /** Lines that changed a level. */
  @Example(118)
  @IsInt()
  booked!: number;

  /** True: the same table was imported before, and nothing has changed now. */
  @Example(false)
  @IsBoolean()
  isRepeated!: boolean;
}

/** A hold or a sale that people should look at. */
export class FoundHoldView {
  @IsIn(HOLD_FINDINGS)
  finding!: HoldFinding;

  @Nullable()
  @IsUUID()
  orderId!: string | null;

  @Nullable()
  @IsUUID()
  variantId!: string | null;

  @Nullable()
  @IsUUID()
  locationId!: string | null;

  /** Units that are held, reserved or sold. */
  @Example(2)
  @IsInt()
  units!: number;

  /** Units that should be. Null where nothing is wrong with the number. */
  @Nullable()
  @Example(0)
  @IsInt()
  expected!: number | null;

  /** Since when, where it has a time. */
  @Nullable()
  @IsISO8601()
  since!: string | null;
}

/** What an audit of holds has found. */
export class HoldAuditView {
  /** When it looked, by the clock of the API. */
  @IsISO8601()
  checkedAt!: string;

  @Example([])
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => FoundHoldView)
  found!: FoundHoldView[];

  /** Whether there are more of a kind than it names. */
  @Example(false)
  @IsBoolean()
  isCut!: boolean;
}
