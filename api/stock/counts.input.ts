import { IsInt, IsOptional, Max, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { Id } from '../../entities/input/from-text';
import { Line } from '../../entities/input/line';
import { MayBeAbsent, MayBeNull } from '../../entities/input/may-be-absent';
import { MOST_UNITS, LONGEST_NOTE, NumberedQuery } from './stock.input';

/** Of a location, a transfer, a count or an order. */
export class IdParams {
  @Id()
  id!: string;
}

/** A variant in a count. */
export class CountLineParams extends IdParams {
  @Id()
  variantId!: string;
}

/** Which counts. */
export class CountsQuery extends NumberedQuery {
  @IsOptional()
  @Id()
  locationId?: string;
}

/** A new count. */
export class CountInput {
  @Id()
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
  @MayBeNull()
  @Example(12)
  @IsInt()
  @Min(0)
  @Max(MOST_UNITS)
  counted!: number | null;
}
