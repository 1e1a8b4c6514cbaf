import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsString, IsUUID, ValidateNested } from 'class-validator';

import { IMPORT_STATUSES, type ImportStatus, type LineProblem } from '../../entities/imports/catalog-import';
import { Example } from '../openapi/example';
import { Nullable } from '../openapi/nullable';

/** What is wrong with a line of a table. */
export class LineProblemView implements LineProblem {
  /** From 1, as an editor counts. */
  @Example(17)
  @IsInt()
  line!: number;

  /** Null where it is the whole line. */
  @Nullable()
  @Example('price')
  @IsString()
  column!: string | null;

  @Example('not_a_number')
  @IsString()
  code!: string;
}

/** An import of the catalogue. */
export class CatalogImportView {
  @IsUUID()
  id!: string;

  @IsIn(IMPORT_STATUSES)
  status!: ImportStatus;

  @Example(1_870)
  @IsInt()
  lines!: number;

  /** How many of them are booked. */
  @Example(1_870)
  @IsInt()
  booked!: number;

  /** Lines that were not booked, at most a thousand. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LineProblemView)
  problems!: LineProblemView[];

  @IsISO8601()
  createdAt!: string;

  @Nullable()
  @IsISO8601()
  endedAt!: string | null;
}
