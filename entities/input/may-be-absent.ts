// oxlint-disable-next-line import/no-unassigned-import -- an input that is loaded alone needs it for its decorators
import 'reflect-metadata';
import { ValidateIf } from 'class-validator';

const MAY_BE_ABSENT = Symbol('may be absent');
const MAY_BE_NULL = Symbol('may be null');

/** For a field that may be left out. Unlike `@IsOptional` it refuses null, which would take the place of a default. */
export function MayBeAbsent(): PropertyDecorator {
  return validatedUnless(undefined, MAY_BE_ABSENT);
}

/** For a field that is never left out and may be null. Its document says so by `@Nullable()`, which validates nothing. */
export function MayBeNull(): PropertyDecorator {
  return validatedUnless(null, MAY_BE_NULL);
}

function validatedUnless(exception: null | undefined, mark: symbol): PropertyDecorator {
  const decorate = ValidateIf((_input, value) => value !== exception);
  return (prototype, property) => {
    decorate(prototype, property);
    Reflect.defineMetadata(mark, true, prototype, property);
  };
}

/** Whether a field that may be null cannot be left out: it has no default, and nothing else says that it may be absent. */
export function isNeverAbsent(Class: new () => object, property: string): boolean {
  const prototype = Class.prototype as object;
  return (
    Reflect.hasMetadata(MAY_BE_NULL, prototype, property) &&
    !Reflect.hasMetadata(MAY_BE_ABSENT, prototype, property) &&
    Reflect.get(new Class(), property) === undefined
  );
}
