import { registerDecorator, ValidateIf } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

import { Example } from '../../entities/describe/example';
import { Line } from '../../entities/input/line';
import { isDay } from '../../entities/values/instant';

/** For a day of the calendar as YYYY-MM-DD, of this century. */
function Day(): PropertyDecorator {
  const document = JSONSchema({ type: 'string', format: 'date' });
  return (prototype, property) => {
    document(prototype, String(property));
    registerDecorator({
      name: 'day',
      target: prototype.constructor,
      propertyName: String(property),
      options: { message: '$property must be a day of this century as YYYY-MM-DD' },
      validator: {
        validate: (value: unknown) => typeof value === 'string' && value.startsWith('20') && isDay(value),
      },
    });
  };
}

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

/** What the day is. */
export class CorrectDayInput {
  /** Its English name. Null: people work on it. */
  @Example('Eid al-Fitr')
  @ValidateIf(({ holiday }: CorrectDayInput) => holiday !== null)
  @Line(80)
  holiday!: string | null;
}
