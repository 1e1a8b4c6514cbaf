import { IsISO8601, Matches } from 'class-validator';

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/;

/** For a field with an instant: ISO 8601 with a zone, without which it would depend on who reads it. */
export function Instant(): PropertyDecorator {
  const form = Matches(FORM, { message: '$property must be an instant such as 2026-12-01T08:30:00+03:30' });
  const exists = IsISO8601({ strict: true });
  return (prototype, property) => {
    form(prototype, property);
    exists(prototype, property);
  };
}
