import { JSONSchema } from 'class-validator-jsonschema';

interface PropertySchema {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
}

/**
 * For a field of an answer that is always present and may be null, beside the rule for its other values. A field that may be
 * absent has `@IsOptional()`. It only changes the document, because answers are not validated: a field of an input has
 * `@MayBeNull()` or `@IsOptional()` beside it.
 */
export function Nullable(): PropertyDecorator {
  const decorate = JSONSchema(
    (schema) => ('$ref' in schema ? { anyOf: [schema, { type: 'null' }] } : orNull(schema)) as never,
  );
  return (prototype, property) => decorate(prototype, String(property));
}

function orNull(schema: PropertySchema): object {
  return {
    ...schema,
    ...(typeof schema.type === 'string' ? { type: [schema.type, 'null'] } : {}),
    ...(schema.enum ? { enum: [...schema.enum, null] } : {}),
  };
}
