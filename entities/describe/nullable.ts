// oxlint-disable-next-line import/no-unassigned-import -- a view that is loaded alone needs it for its decorators
import 'reflect-metadata';

const NULLABLE = Symbol('nullable');

/**
 * For a field of an answer that is always present and may be null, beside the rule for its other values. A field that may be
 * absent has `@IsOptional()`. It only changes documents, because answers are not validated: a field of
 * an input has `@MayBeNull()` or `@IsOptional()` beside it.
 */
export function Nullable(): PropertyDecorator {
  return (prototype, property) => Reflect.defineMetadata(NULLABLE, true, prototype, property);
}

/** Whether a field of a class, or of one that it inherits from, may be null. */
export function isNullable(Class: new () => object, property: string): boolean {
  return Reflect.hasMetadata(NULLABLE, Class.prototype as object, property);
}
