import { Transform } from 'class-transformer';
import { IsString, Length, MaxLength, ValidateBy } from 'class-validator';

import { isPlainLine, isPlainProse, plainLine, plainProse } from '../values/plain-line';

/** For a field of text on one line. White space around it goes, and letters are composed. */
export function Line(longest: number): PropertyDecorator {
  return together(
    Transform(({ value }: { value: unknown }) => composed(value)),
    IsString(),
    Length(1, longest),
    isLine(longest),
  );
}

/** {@link Line} for each item of a list. */
export function Lines(longest: number): PropertyDecorator {
  return together(
    Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(composed) : value)),
    IsString({ each: true }),
    Length(1, longest, { each: true }),
    isLine(longest, { each: true }),
  );
}

/** For a field of text of any number of lines, which may be empty. */
export function Prose(longest: number): PropertyDecorator {
  const validator = {
    validate: (value: unknown) => typeof value === 'string' && isPlainProse(value, longest),
    defaultMessage: () =>
      '$property must hold no control characters and none that turn the direction of text',
  };
  return together(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? plainProse(value) : value)),
    IsString(),
    MaxLength(longest),
    ValidateBy({ name: 'isProse', validator }),
  );
}

function isLine(longest: number, options: { readonly each?: boolean } = {}): PropertyDecorator {
  const validator = {
    validate: (value: unknown) => typeof value === 'string' && isPlainLine(value, longest),
    defaultMessage: () => '$property must be one line of text with at least one letter or digit',
  };
  return ValidateBy({ name: 'isLine', validator }, options);
}

function composed(value: unknown): unknown {
  return typeof value === 'string' ? plainLine(value) : value;
}

function together(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (prototype, property) => {
    for (const decorate of decorators) decorate(prototype, property);
  };
}
