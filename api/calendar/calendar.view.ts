import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsString, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';

/** Hours of a day. */
export class OpenHoursView {
  /** Minutes after midnight in Tehran. */
  @Example(540)
  @IsInt()
  from!: number;

  @Example(780)
  @IsInt()
  to!: number;
}

/** A day of the shop. */
export class CalendarDayView {
  @Example('2027-03-10')
  @IsString()
  day!: string;

  /** The same in the Jalali calendar. */
  @Example('1405-12-19')
  @IsString()
  jalali!: string;

  /** Saturday is 0, Friday 6. */
  @Example(4)
  @IsInt()
  weekday!: number;

  /** Its English name. Null when people work. */
  @Example('Eid al-Fitr')
  @Nullable()
  @IsString()
  holiday!: string | null;

  /** False for a holiday that was calculated and may move by a day. */
  @Example(false)
  @IsBoolean()
  isCertain!: boolean;

  /** When tickets are answered on it; an empty list: not at all. Null when its week and the holiday say it. */
  @Nullable()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => OpenHoursView)
  supportHours!: OpenHoursView[] | null;
}

/** Days of the shop, the earliest first. */
export class CalendarDaysView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CalendarDayView)
  items!: CalendarDayView[];
}
