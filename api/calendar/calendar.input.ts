import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, Max, Min, registerDecorator, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { Day } from '../../entities/input/day';
import { Line } from '../../entities/input/line';
import { MayBeAbsent, MayBeNull } from '../../entities/input/may-be-absent';

/** Which days. */
export class DaysQuery {
  @Example('2026-11-27')
  @Day()
  from!: string;

  /** The last one. */
  @Example('2026-12-31')
  @Day()
  to!: string;
}

/** Which day. */
export class DayParams {
  @Example('2027-03-10')
  @Day()
  day!: string;
}

const MINUTES_OF_A_DAY = 1_440;
/** More pauses than anybody takes. */
const HOURS_AT_MOST = 4;

/** Hours of a day. */
export class OpenHoursInput {
  /** Minutes after midnight in Tehran. */
  @Example(540)
  @IsInt()
  @Min(0)
  @Max(MINUTES_OF_A_DAY)
  from!: number;

  /** After `from`. */
  @Example(780)
  @IsInt()
  @Min(0)
  @Max(MINUTES_OF_A_DAY)
  to!: number;
}

/** For hours that have a length and follow each other with a pause between them. */
function InTheirOrder(): PropertyDecorator {
  return (prototype, property) =>
    registerDecorator({
      name: 'inTheirOrder',
      target: prototype.constructor,
      propertyName: String(property),
      options: { message: '$property must end after they begin, and follow each other' },
      validator: {
        validate: (value: unknown) =>
          Array.isArray(value) &&
          (value as readonly (OpenHoursInput | null)[]).every(
            (hours, at) => hours && hours.from < hours.to && (at === 0 || hours.from > value[at - 1].to),
          ),
      },
    });
}

/** What the day is. */
export class CorrectDayInput {
  /** Its English name. Null: people work on it. */
  @Example('Eid al-Fitr')
  @Nullable()
  @MayBeNull()
  @Line(80)
  holiday!: string | null;

  /**
   * When tickets are answered on it: a short day, or a Friday on which people work. An empty list: not at all. Null: as usual. Absent:
   * as it was said before.
   */
  @Nullable()
  @MayBeAbsent()
  @MayBeNull()
  @IsArray()
  @ArrayMaxSize(HOURS_AT_MOST)
  @ValidateNested({ each: true })
  @Type(() => OpenHoursInput)
  @InTheirOrder()
  supportHours?: OpenHoursInput[] | null;
}
