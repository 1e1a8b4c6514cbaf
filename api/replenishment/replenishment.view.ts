import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsObject,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';

/** What stock is there or will come, in units. Holds of unpaid carts do not lower it. */
export class PositionView {
  /** At the locations that sell, or at the policy's own. */
  @Example(14)
  @IsInt()
  onHand!: number;

  @Example(0)
  @IsInt()
  inTransit!: number;

  /** Missing units of open purchase orders. */
  @Example(24)
  @IsInt()
  onOrder!: number;
}

/** What a policy expects, and what it was computed from. */
export class ExpectationView {
  /** The business day on which it was computed, from the demand up to the day before. */
  @Example('2026-11-27')
  @IsString()
  day!: string;

  /** Days that stock must last when nothing is ordered now. */
  @Example(9)
  @IsInt()
  protectionDays!: number;

  /** Units expected in those days. */
  @Example(21.4)
  @IsNumber()
  demand!: number;

  /** Standard deviation of that demand, in units. */
  @Example(5.1)
  @IsNumber()
  deviation!: number;

  /** Units expected in the cover days after them. */
  @Example(48.9)
  @IsNumber()
  coverUnits!: number;

  /** Units of a usual line. */
  @Example(1.3)
  @IsNumber()
  meanLine!: number;
}

/** How a variant is reordered. */
export class PolicyView {
  @IsUUID()
  id!: string;

  @IsUUID()
  variantId!: string;

  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  /** Null: all locations that sell, together. */
  @Nullable()
  @IsUUID()
  locationId!: string | null;

  /** The policy as it was given. */
  @Example({ kind: 'forecast', service: { kind: 'cycle', level: 0.95 }, coverDays: 21 })
  @IsObject()
  policy!: object;

  /** Rials: a person approves orders above it. */
  @Example(500_000_000)
  @Nullable()
  @IsInt()
  valueLimit!: number | null;

  @IsBoolean()
  paused!: boolean;

  /** It is ordered when the position is at or below it. Units. */
  @Example(30)
  @Nullable()
  @IsInt()
  reorderPoint!: number | null;

  /** It is ordered up to this. Units. */
  @Example(78)
  @Nullable()
  @IsInt()
  upTo!: number | null;

  @ValidateNested()
  @Type(() => PositionView)
  position!: PositionView;

  @Nullable()
  @ValidateNested()
  @Type(() => ExpectationView)
  expectation!: ExpectationView | null;

  /** Why its need cannot be met. */
  @Example(null)
  @Nullable()
  @IsIn(['no_supplier', 'no_inputs', 'declined'])
  stuck!: 'no_supplier' | 'no_inputs' | 'declined' | null;

  @Example(3)
  @IsInt()
  version!: number;
}

/** A page of policies. */
export class PoliciesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PolicyView)
  items!: PolicyView[];

  /** `after` of the next page; null at the end. */
  @Nullable()
  @IsUUID()
  next!: string | null;
}

/** A need that was met, with its reasons as they were then. */
export class DecisionView {
  @IsUUID()
  id!: string;

  @IsISO8601()
  at!: string;

  /** One sentence that says why. */
  @Example(
    'The position was 14 (on hand 14, in transit 0, on order 0), at or below 30: ordered 64 units up to 78.',
  )
  @IsString()
  sentence!: string;

  @Example(64)
  @IsInt()
  ordered!: number;

  @Example(0)
  @IsInt()
  transferred!: number;

  @Nullable()
  @IsUUID()
  orderId!: string | null;

  /** Why a person had to approve it. */
  @Example([])
  @IsArray()
  @IsString({ each: true })
  approval!: string[];

  @ValidateNested()
  @Type(() => PositionView)
  position!: PositionView;

  @Example(30)
  @IsInt()
  reorderPoint!: number;

  @Example(78)
  @IsInt()
  upTo!: number;

  @ValidateNested()
  @Type(() => ExpectationView)
  expectation!: ExpectationView;

  /** Days of usual demand that the order lasts; null when nothing sells. */
  @Example(27)
  @Nullable()
  @IsInt()
  lastsDays!: number | null;
}

/** The last decisions of a policy, the newest first. */
export class DecisionsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DecisionView)
  items!: DecisionView[];
}
