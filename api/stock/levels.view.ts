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
import {
  CORRECTION_CAUSES,
  MOVEMENT_REASONS,
  type CorrectionCause,
  type MovementReason,
} from '../../entities/inventory/stock-movement';

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

/** What an import did, or had done before. */
export class ImportView {
  @IsUUID()
  id!: string;

  @Example(120)
  @IsInt()
  lines!: number;

  /** Lines that changed a level at once. */
  @Example(118)
  @IsInt()
  booked!: number;

  /** The counts that it opened, one for each location. Those that were not approved at once wait for somebody else. */
  @IsArray()
  @IsUUID(undefined, { each: true })
  countIds!: string[];

  /** True: the request was repeated, and nothing has changed now. */
  @Example(false)
  @IsBoolean()
  isRepeated!: boolean;
}
