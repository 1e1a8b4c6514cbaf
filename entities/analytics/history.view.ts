import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsString, Max, Min, ValidateNested } from 'class-validator';

import { Example } from '../describe/example';
import { Nullable } from '../describe/nullable';
import { FIGURE_NAMES, type FigureName } from './figures';

/** A figure of a day or an hour. */
export class FigurePointView {
  /** The day in Tehran. */
  @Example('2026-11-01')
  @IsString()
  day!: string;

  /** The hour that begins; null for the day. */
  @Nullable()
  @Example(null)
  @IsInt()
  @Min(0)
  @Max(23)
  hour!: number | null;

  /** The gateway, the provider or the currency; null where there is one value. */
  @Nullable()
  @Example(null)
  @IsString()
  dimension!: string | null;

  /** A count, or money in the minor unit of the currency. */
  @Example(287)
  @IsInt()
  @Min(0)
  value!: number;

  /** What the value is a part of: the visitors of a conversion, the attempts of a success. Null for what is no part. */
  @Nullable()
  @Example(null)
  @IsInt()
  @Min(0)
  of!: number | null;

  /** When it was counted last. */
  @IsISO8601()
  countedAt!: string;
}

/** A figure in time. A point that is missing is zero, or of before the figure was counted. */
export class FigureHistoryView {
  @IsIn(FIGURE_NAMES)
  figure!: FigureName;

  @IsIn(['day', 'hour'])
  by!: 'day' | 'hour';

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => FigurePointView)
  points!: FigurePointView[];
}
