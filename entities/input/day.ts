import { ValidateBy } from 'class-validator';

import { isDay } from '../values/instant';

/** For a day of the calendar as YYYY-MM-DD, of this century. Documents know the rule by its name. */
export function Day(): PropertyDecorator {
  return ValidateBy({
    name: 'isDay',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && value.startsWith('20') && isDay(value),
      defaultMessage: () => '$property must be a day of this century as YYYY-MM-DD',
    },
  });
}
