import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id, WholeNumber } from '../../entities/input/from-text';
import { MOST_UNITS } from './stock.input';

/** A variant at a location. */
export class LevelParams {
  @Id()
  variantId!: string;

  @Id()
  locationId!: string;
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
