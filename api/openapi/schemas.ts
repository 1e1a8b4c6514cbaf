import { defaultMetadataStorage } from 'class-transformer/cjs/storage';
import { getMetadataStorage } from 'class-validator';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';

import type { AnswerShape, Shape } from '../middleware/guard';

/** A JSON schema of the 2020-12 dialect that OpenAPI 3.1 speaks. */
export type Schema = Readonly<Record<string, unknown>>;

/** A class without rules: an object that expects nothing. */
const NOTHING: Schema = { type: 'object', additionalProperties: false };

const REFERENCE = '#/components/schemas/';

/** All classes with validation decorators, by class name. */
export type Schemas = Readonly<Record<string, Schema>>;

/** Throws when two classes with rules share a name, for one would hide the other. */
export function readSchemas(): Schemas {
  const names = Array.from(
    getMetadataStorage()['validationMetadatas'].keys(),
    ({ name }: { name: string }) => name,
  );
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`two classes are called ${twice}`);
  return validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: REFERENCE,
    // The converter's own one leaves open that it is a text.
    additionalConverters: { isIso8601: { type: 'string', format: 'date-time' } },
  }) as Schemas;
}

export function referTo(Class: Shape): Schema {
  return { $ref: REFERENCE + Class.name };
}

/** The schema of an answer's JSON. */
export function schemaOfAnswer(shape: Exclude<AnswerShape, string>): Schema {
  return typeof shape === 'function' ? referTo(shape) : { type: 'array', items: referTo(shape[0]) };
}

/** The schemas that these values point at, and those that these point at, in the order of their names. */
export function schemasUsedBy(value: unknown, all: Schemas): Schemas {
  const used = new Set<string>();
  collect(value, all, used);
  return Object.fromEntries([...used].toSorted().map((name) => [name, inStableOrder(all[name] ?? NOTHING)]));
}

function collect(value: unknown, all: Schemas, used: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string' && inner.startsWith(REFERENCE)) {
      const name = inner.slice(REFERENCE.length);
      if (!used.has(name)) {
        used.add(name);
        collect(all[name] ?? NOTHING, all, used);
      }
    } else collect(inner, all, used);
  }
}

/** A list of required fields in a stable order; the rest as it came from the class. */
function inStableOrder(schema: Schema): Schema {
  return Array.isArray(schema.required)
    ? { ...schema, required: (schema.required as string[]).toSorted() }
    : schema;
}
