// oxlint-disable-next-line import/no-unassigned-import -- a view that is loaded alone needs it for its decorators
import 'reflect-metadata';
import type { Shape } from '../shapes';
import type { Schema } from './schemas';

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
export function examplesOf(Class: Shape): Readonly<Record<string, unknown>> {
  return (Reflect.getMetadata(EXAMPLES, Class.prototype as object) ?? {}) as Readonly<
    Record<string, unknown>
  >;
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: '2f11a3af-bd16-8f61-a3dc-7d74884c228f',
  'date-time': '2027-01-15T08:00:00.000Z',
};

/**
 * An example of a schema, made of the examples of its fields.
 *
 * @param schemas those that it may refer to, by name
 */
export function exampleOf(
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  within: readonly unknown[] = [],
): unknown {
  const { $ref, examples, enum: values, anyOf, oneOf, type, format, minimum } = schema;
  const inside = (part: unknown, outer = within) => exampleOf(part as Schema, schemas, outer);
  if (typeof $ref === 'string') {
    return inside(schemas[$ref.slice($ref.lastIndexOf('/') + 1)] ?? {}, [...within, $ref]);
  }
  if (Array.isArray(examples)) return examples[0];
  if (Array.isArray(values)) return values[0];
  const alternatives = anyOf ?? oneOf;
  if (Array.isArray(alternatives)) return inside(alternatives[0]);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return minimum ?? 1;
    case 'string':
      return BY_FORMAT[format as string] ?? 'text';
    case 'array': {
      const items = schema.items as Schema;
      // A tree ends somewhere.
      return within.includes(items.$ref) ? [] : [inside(items)];
    }
    default:
      return Object.fromEntries(
        Object.entries((schema.properties ?? {}) as Record<string, Schema>).map(([name, property]) => [
          name,
          inside(property),
        ]),
      );
  }
}
