import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsInt,
  IsISO8601,
  IsObject,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import type { ViolatingRow } from '../../entities/invariants/check-invariants';

/** An invariant that does not hold, and the rows that violate it. */
export class ViolationView {
  /** A stable name. */
  @Example('stock.on_hand_is_the_sum_of_its_movements')
  @IsString()
  invariant!: string;

  @Example('The stock on hand is the sum of its movements.')
  @IsString()
  sentence!: string;

  /** How many rows violate it. */
  @Example(1)
  @IsInt()
  @Min(1)
  count!: number;

  /** The first of these rows: their ids, and what is wrong with them. */
  @Example([{ variant_id: 'ba5a2561-6e3a-820e-8548-e1c3f57699d8', on_hand: 3, movements: 2 }])
  @IsArray()
  @IsObject({ each: true })
  rows!: ViolatingRow[];
}

/** Whether every invariant of the shop holds. */
export class InvariantsView {
  @Example(true)
  @IsBoolean()
  healthy!: boolean;

  /** When the invariants were checked, by the clock of the API. */
  @IsISO8601()
  checkedAt!: string;

  /** How many invariants there are. */
  @Example(40)
  @IsInt()
  @Min(1)
  invariants!: number;

  @Example([])
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ViolationView)
  violations!: ViolationView[];
}
