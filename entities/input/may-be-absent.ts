import { ValidateIf } from 'class-validator';

/** For a field that may be left out. Unlike `@IsOptional` it refuses null, which would take the place of a default. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_input, value) => value !== undefined);
}

/** For a field that is never left out and may be null. Its document says so by `@Nullable()`, which validates nothing. */
export function MayBeNull(): PropertyDecorator {
  return ValidateIf((_input, value) => value !== null);
}
