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

import { HOLD_FINDINGS, type HoldFinding } from '../../entities/checkout/audit-holds';
import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';

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
