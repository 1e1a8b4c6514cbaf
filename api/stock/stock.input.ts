import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { WholeNumber } from '../../entities/input/from-text';
import { IMPORT_MODES, type ImportMode } from '../../entities/inventory/stock-import';

/** The most units of one act. */
export const MOST_UNITS = 1_000_000;
export const LONGEST_NOTE = 300;

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

/** How a table is read. */
export class ImportQuery {
  /** `set`: the table says what was counted. `add`: it says what has arrived. */
  @IsOptional()
  @IsIn(IMPORT_MODES)
  mode: ImportMode = 'set';
}
