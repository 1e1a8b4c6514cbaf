import type { Schema } from './schemas';

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
