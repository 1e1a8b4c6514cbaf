import { defaultMetadataStorage } from 'class-transformer/cjs/storage';
import { ValidationTypes } from 'class-validator';
import { targetConstructorToSchema } from 'class-validator-jsonschema';

/** A class with class-validator decorators. */
type Shape = new () => object;

/** What decorators say of the fields of a class beyond their rules. */
export interface FieldNotes {
  examplesOf(Class: Shape): Readonly<Record<string, unknown>>;
  isNullable(Class: Shape, property: string): boolean;
  /** Whether it has to be there although its rules do not hold for every value. */
  isNeverAbsent(Class: Shape, property: string): boolean;
}

/** A JSON schema of the 2020-12 dialect that OpenAPI 3.1 speaks; AsyncAPI 3 reads what we use of it as well. */
export type Schema = Readonly<Record<string, unknown>>;

/** The schemas of a document, from the rules of classes. */
export interface Schemas {
  /**
   * A reference to the schema of a class, which enters the document with the schemas that it refers to. The first class of a
   * name keeps the name. Another class of that name is called after the tag that needs it: `SupportOrderView`.
   */
  referTo(Class: Shape, tag: string): Schema;
  /** The schema of a class in place, which does not enter the document. */
  inline(Class: Shape, tag: string): Schema;
  /** All schemas that entered the document, by name and in its order. */
  byName(): Readonly<Record<string, Schema>>;
}

/** The schema of a class without rules: an object without fields. */
const NOTHING: Schema = { type: 'object', additionalProperties: false };

export function createSchemas(notes: FieldNotes): Schemas {
  const names = new Map<Shape, string>();
  const schemas = new Map<string, Schema>();

  function inline(Class: Shape, tag: string): Schema {
    const schema = targetConstructorToSchema(Class, {
      classTransformerMetadataStorage: defaultMetadataStorage,
      additionalConverters: {
        // The default does not say that it is a string.
        isIso8601: { type: 'string', format: 'date-time' },
        isDay: { type: 'string', format: 'date' },
        // The default refers to a class by its bare name.
        [ValidationTypes.NESTED_VALIDATION]: ({ target, propertyName }) => {
          const { Class: Nested, oneOf } = nestedClass(target as Shape, propertyName);
          return oneOf
            ? { oneOf: oneOf.map((Alternative) => referTo(Alternative, tag)) }
            : referTo(Nested, tag);
        },
      },
    });
    return schema.properties ? inStableOrder(withNotes(schema as Schema, Class, notes)) : NOTHING;
  }

  function referTo(Class: Shape, tag: string): Schema {
    let name = names.get(Class);
    if (name === undefined) {
      name = freeName(Class.name, tag, schemas);
      // Before the schema is made, because a class may refer to itself.
      names.set(Class, name);
      schemas.set(name, NOTHING);
      schemas.set(name, inline(Class, tag));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  return {
    referTo,
    inline,
    byName: () => Object.fromEntries([...schemas].toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
}

function freeName(name: string, tag: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  const qualified = tag.charAt(0).toUpperCase() + tag.slice(1) + name;
  let free = qualified;
  for (let number = 2; taken.has(free); number++) free = qualified + number;
  return free;
}

/** The class of a nested field, or the classes that its `@Type` tells apart by a discriminator. */
function nestedClass(Class: Shape, property: string): { Class: Shape; oneOf?: readonly Shape[] } {
  const found = defaultMetadataStorage.findTypeMetadata(Class, property);
  if (!found) throw new Error(`${Class.name}.${property} is nested: it needs @Type`);
  const alternatives = found.options?.discriminator?.subTypes.map(({ value }) => value as Shape);
  return { Class: found.typeFunction() as Shape, ...(alternatives ? { oneOf: alternatives } : {}) };
}

function withNotes(
  schema: Schema,
  Class: Shape,
  { examplesOf, isNullable, isNeverAbsent }: FieldNotes,
): Schema {
  const examples = examplesOf(Class);
  const properties = Object.entries(schema.properties as Record<string, Schema>).map(([name, property]) => [
    name,
    {
      ...(isNullable(Class, name) ? orNull(property) : property),
      ...(name in examples ? { examples: [examples[name]] } : {}),
    },
  ]);
  const added = Object.keys(schema.properties as object).filter((name) => isNeverAbsent(Class, name));
  const required = [...new Set([...((schema.required ?? []) as string[]), ...added])];
  return {
    ...schema,
    properties: Object.fromEntries(properties) as Schema,
    ...(required.length > 0 && { required }),
  };
}

function orNull(schema: Schema): Schema {
  if ('$ref' in schema) return { anyOf: [schema, { type: 'null' }] };
  return {
    ...schema,
    ...(typeof schema.type === 'string' ? { type: [schema.type, 'null'] } : {}),
    ...(Array.isArray(schema.enum) ? { enum: [...(schema.enum as unknown[]), null] } : {}),
  };
}

/** The schema with its required fields in a stable order. */
function inStableOrder(schema: Schema): Schema {
  return Array.isArray(schema.required)
    ? { ...schema, required: (schema.required as string[]).toSorted() }
    : schema;
}
