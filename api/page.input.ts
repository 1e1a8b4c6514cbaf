import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

import { Example } from '../entities/describe/example';
import { WholeNumber } from '../entities/input/from-text';

/** A page of a list whose cursors `api/catalog/cursor.ts` writes. */
export class PageQuery {
  /** `nextCursor` of the page before. */
  @Example('')
  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;

  @Example(20)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(50)
  limit = 20;
}
