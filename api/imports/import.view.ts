import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { IMPORT_STATUSES, type ImportStatus } from '../../entities/imports/catalog-import';
import { LineProblemView } from '../../entities/problem.view';

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
