import { IsIn, ValidateBy } from 'class-validator';

import { Example } from '../describe/example';
import { MayBeAbsent } from '../input/may-be-absent';
import { isDay } from '../values/instant';
import { FIGURE_NAMES, type FigureName } from './figures';

/** For a day of this century as YYYY-MM-DD. */
export function CalendarDay(): PropertyDecorator {
  return ValidateBy({
    name: 'day',
    validator: {
      validate: (value) => typeof value === 'string' && value.startsWith('20') && isDay(value),
      defaultMessage: () => '$property must be a day of this century as YYYY-MM-DD',
    },
  });
}

/** Which figure, and of which time. */
export class FigureHistoryInput {
  @IsIn(FIGURE_NAMES)
  figure!: FigureName;

  /** The first day in Tehran. */
  @Example('2026-11-01')
  @CalendarDay()
  from!: string;

  /** The last day: at most 366 days, or 14 by hours. */
  @Example('2026-11-14')
  @CalendarDay()
  to!: string;

  @MayBeAbsent()
  @IsIn(['day', 'hour'])
  by?: 'day' | 'hour';
}

/** The first day to count again. */
export class RebuildInput {
  @Example('2026-11-01')
  @CalendarDay()
  from!: string;
}
