// oxlint-disable-next-line import/no-unassigned-import -- a view that is loaded alone needs it for its decorators
import 'reflect-metadata';

const EXAMPLES = Symbol('examples');

/**
 * What a field may look like. The documentation page fills it in, so it is a value that the shop with the example catalogue
 * accepts. Fields that refer to a class, have a fixed set of values or a format need none.
 */
export function Example(value: unknown): PropertyDecorator {
  return (prototype, property) => {
    const others = Reflect.getMetadata(EXAMPLES, prototype) as object | undefined;
    Reflect.defineMetadata(EXAMPLES, { ...others, [property]: value }, prototype);
  };
}

/** The examples of a class's fields, also of those that it inherits. */
export function examplesOf(Class: new () => object): Readonly<Record<string, unknown>> {
  return (Reflect.getMetadata(EXAMPLES, Class.prototype as object) ?? {}) as Readonly<
    Record<string, unknown>
  >;
}
