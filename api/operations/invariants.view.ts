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

/** An invariant that does not hold, and the rows that violate it. */
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

  /** The first of these rows: their ids, and what is wrong with them. */
  @IsArray()
  @IsObject({ each: true })
  rows!: ViolatingRow[];
}

/** Whether every invariant of the shop holds. */
export class InvariantsView {
  @IsBoolean()
  healthy!: boolean;

  /** When the invariants were checked, by the clock of the API. */
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
