import { registerDecorator, ValidateIf } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

import { Line } from '../../entities/input/line';
import { Example } from '../openapi/example';

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
      validator: { validate: isDay },
    });
  };
}

function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^20\d\d-\d\d-\d\d$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
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
