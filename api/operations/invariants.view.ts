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

import type { Offender } from '../../entities/invariants/check-invariants';

/** A law of the shop that is broken somewhere. */
export class ViolationView {
  /** A stable name. */
  @IsString()
  law!: string;

  @IsString()
  sentence!: string;

  /** How many breaches there are. */
  @IsInt()
  @Min(1)
  count!: number;

  /** The first of them: the ids of what breaks the law, and what is wrong with it. */
  @IsArray()
  @IsObject({ each: true })
  offenders!: Offender[];
}

/** Whether every law of the shop holds. */
export class InvariantsView {
  @IsBoolean()
  healthy!: boolean;

  /** The instant that all laws were held against, as the API's clock has it. */
  @IsISO8601()
  checkedAt!: string;

  /** How many laws there are. */
  @IsInt()
  @Min(1)
  laws!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ViolationView)
  violations!: ViolationView[];
}
