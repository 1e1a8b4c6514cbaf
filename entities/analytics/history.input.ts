import { IsIn } from 'class-validator';

import { Example } from '../describe/example';
import { Day } from '../input/day';
import { MayBeAbsent } from '../input/may-be-absent';
import { FIGURE_NAMES, type FigureName } from './figures';

/** Which figure, and of which time. */
export class FigureHistoryInput {
  @IsIn(FIGURE_NAMES)
  figure!: FigureName;

  /** The first day in Tehran. */
  @Example('2026-11-01')
  @Day()
  from!: string;

  /** The last day: at most 366 days, or 14 by hours. */
  @Example('2026-11-14')
  @Day()
  to!: string;

  @MayBeAbsent()
  @IsIn(['day', 'hour'])
  by?: 'day' | 'hour';
}

/** The first day to count again. */
export class RebuildInput {
  @Example('2026-11-01')
  @Day()
  from!: string;
}
