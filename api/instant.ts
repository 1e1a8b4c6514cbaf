import { IsISO8601, Matches, ValidateBy } from 'class-validator';

import { INSTANT, instantIn } from '../entities/values/instant';

const MESSAGE = '$property must be an instant such as 2026-12-01T08:30:00+03:30';

/** For a field with an instant: ISO 8601 with a zone, on a day that exists, in this millennium. */
export function Instant(): PropertyDecorator {
  const decorators = [
    // These two are the document's.
    Matches(INSTANT, { message: MESSAGE }),
    IsISO8601({ strict: true }),
    ValidateBy({ name: 'isInstant', validator: { validate: isInstant, defaultMessage: () => MESSAGE } }),
  ];
  return (prototype, property) => {
    for (const decorate of decorators) decorate(prototype, property);
  };
}

const isInstant = (value: unknown) => typeof value === 'string' && instantIn(value) !== undefined;
