import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { IMPORT_MODES, type ImportMode } from '../../entities/inventory/stock-import';
import { LOCATION_KINDS, type LocationKind } from '../../entities/inventory/stock-location';
import { CORRECTION_CAUSES, type CorrectionCause } from '../../entities/inventory/stock-movement';
import { MOST_TRANSFER_LINES } from '../../entities/transfers/draft-transfer';
import { TRANSFER_STATUSES, type TransferStatus } from '../../entities/transfers/transfer-status';
import { WholeNumber } from '../from-text';
import { Line } from '../line';
import { MayBeAbsent } from '../may-be-absent';
import { Example } from '../openapi/example';
import { Nullable } from '../openapi/nullable';

/** The most units of one act. */
const MOST_UNITS = 1_000_000;
const LONGEST_NOTE = 300;
const CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const byVariant = ({ variantId }: { readonly variantId: string }) => variantId;

/** Of a location, a transfer, a count or an order. */
export class IdParams {
  @IsUUID()
  id!: string;
}

/** A variant in a count. */
export class CountLineParams extends IdParams {
  @IsUUID()
  variantId!: string;
}

/** A variant at a location. */
export class LevelParams {
  @IsUUID()
  variantId!: string;

  @IsUUID()
  locationId!: string;
}

/** A new location. */
export class LocationInput {
  /** Its name in tables. It stays. */
  @Example('shop-tehran')
  @Matches(CODE)
  @MaxLength(40)
  code!: string;

  @Example('فروشگاه تهران')
  @Line(200)
  title!: string;

  /** Orders are taken from the location with the lowest one first. */
  @Example(100)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(1_000)
  priority = 100;

  /** Whether orders are taken from it. */
  @Example(true)
  @IsBoolean()
  sells!: boolean;

  @IsIn(LOCATION_KINDS)
  kind!: LocationKind;
}

/** What changes of a location. */
export class ChangeLocationInput {
  @Example('فروشگاه تهران')
  @MayBeAbsent()
  @Line(200)
  title?: string;

  @Example(100)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(1_000)
  priority?: number;

  /** False: nothing is sold from it. Its stock stays, and what orders hold there stays theirs. */
  @Example(false)
  @MayBeAbsent()
  @IsBoolean()
  sells?: boolean;

  @MayBeAbsent()
  @IsIn(LOCATION_KINDS)
  kind?: LocationKind;
}

/** Which levels. */
export class LevelsQuery {
  /** The beginning of SKUs. */
  @Example('MOB-')
  @IsOptional()
  @IsString()
  @Length(1, 64)
  sku?: string;

  @IsOptional()
  @IsUUID()
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

/** A part of a list that is numbered, the newest first. */
export class NumberedQuery {
  /** `next` of the part before; from the newest on without it. */
  @Example(1_000)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  before = 2_147_483_647;

  @Example(50)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;
}

/** Which transfers. */
export class TransfersQuery extends NumberedQuery {
  @IsOptional()
  @IsIn(TRANSFER_STATUSES)
  status?: TransferStatus;
}

/** Which counts. */
export class CountsQuery extends NumberedQuery {
  @IsOptional()
  @IsUUID()
  locationId?: string;
}

/** Goods that came in or went, beside sales and transfers. */
export class BookingInput {
  @IsUUID()
  variantId!: string;

  @IsUUID()
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

/** Units of a variant. */
export class UnitsInput {
  @IsUUID()
  variantId!: string;

  @Example(3)
  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  quantity!: number;
}

/** Goods of a receipt. */
export class ReceiptInput {
  /** A variant appears once. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_TRANSFER_LINES)
  @ArrayUnique(byVariant)
  @ValidateNested({ each: true })
  @Type(() => UnitsInput)
  lines!: UnitsInput[];
}

/** What a draft of a transfer says anew. */
export class ChangeTransferInput extends ReceiptInput {
  @Example('برای نوروز')
  @MayBeAbsent()
  @Line(LONGEST_NOTE)
  note?: string;
}

/** Goods that go to another location. */
export class TransferInput extends ChangeTransferInput {
  @IsUUID()
  fromId!: string;

  @IsUUID()
  toId!: string;
}

/** What became of the goods of a line that are in transit. */
export class UnansweredInput {
  @IsUUID()
  variantId!: string;

  /** Units that are back where they came from. */
  @Example(2)
  @IsInt()
  @Min(0)
  @Max(MOST_UNITS)
  returned!: number;

  @Example(1)
  @IsInt()
  @Min(0)
  @Max(MOST_UNITS)
  lost!: number;
}

/** What became of goods in transit. Empty for a draft. */
export class CancelTransferInput {
  /** A variant appears once. */
  @IsArray()
  @ArrayMaxSize(MOST_TRANSFER_LINES)
  @ArrayUnique(byVariant)
  @ValidateNested({ each: true })
  @Type(() => UnansweredInput)
  lines!: UnansweredInput[];
}

/** A new count. */
export class CountInput {
  @IsUUID()
  locationId!: string;

  @Example('قفسه ۳')
  @MayBeAbsent()
  @Line(LONGEST_NOTE)
  note?: string;
}

/** What somebody has counted. */
export class CountLineInput {
  /** Units on the shelf, sold ones too. Null: you begin to count now. */
  @Nullable()
  @Example(12)
  @IsInt()
  @Min(0)
  @Max(MOST_UNITS)
  counted!: number | null;
}

/** Units of a line of an order that have left a location. */
export class ShippedLineInput extends LevelParams {
  /** In all, those of before too. */
  @Example(1)
  @IsInt()
  @Min(0)
  @Max(MOST_UNITS)
  shipped!: number;
}

/** What has left of an order. */
export class ShippedInput {
  /** A variant appears once for each location. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @ArrayUnique(({ variantId, locationId }: LevelParams) => `${variantId} ${locationId}`)
  @ValidateNested({ each: true })
  @Type(() => ShippedLineInput)
  lines!: ShippedLineInput[];
}

/** How a table is read. */
export class ImportQuery {
  /** `set`: the table says what there is. `add`: it says what has arrived. */
  @IsOptional()
  @IsIn(IMPORT_MODES)
  mode: ImportMode = 'set';
}

/** How many findings. */
export class AuditQuery {
  /** Of each kind. */
  @Example(50)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 100;
}
