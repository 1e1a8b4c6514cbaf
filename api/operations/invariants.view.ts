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

import type { ViolatingRow } from '../../entities/invariants/check-invariants';

/** An invariant of the shop that does not hold. */
export class ViolationView {
  /** A stable name. */
  @IsString()
  invariant!: string;

  @IsString()
  sentence!: string;

  /** How many rows violate it. */
  @IsInt()
  @Min(1)
  count!: number;

  /** The first of them: their ids, and what is wrong with them. */
  @IsArray()
  @IsObject({ each: true })
  rows!: ViolatingRow[];
}

/** Whether every invariant of the shop holds. */
export class InvariantsView {
  @IsBoolean()
  healthy!: boolean;

  /** The instant that all invariants were held against, as the API's clock has it. */
  @IsISO8601()
  checkedAt!: string;

  /** How many invariants there are. */
  @IsInt()
  @Min(1)
  invariants!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ViolationView)
  violations!: ViolationView[];
}
