import type { Schema } from '../../platform/json-schema/schemas';

const REFERENCE = /^#\/components\/schemas\/(\w+)$/;

/** The TypeScript type of a JSON schema, for the parts of JSON schema that our documents use. */
export function renderType(schema: Schema): string {
  if (typeof schema.$ref === 'string') return REFERENCE.exec(schema.$ref)?.[1] ?? 'unknown';
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return (alternatives as Schema[]).map(renderType).join(' | ');
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const types = Array.isArray(schema.type) ? (schema.type as string[]) : [schema.type];
  return types.map((type) => renderPlain(type, schema)).join(' | ');
}

/** An exported interface for an object schema. */
export function renderInterface(name: string, schema: Schema): string {
  const fields = fieldsOf(schema);
  if (fields.length === 0) return `export type ${name} = Readonly<Record<string, never>>;\n`;
  return `export interface ${name} {\n${fields.map((field) => `  ${field};`).join('\n')}\n}\n`;
}

/** `readonly name?: type` for each property. */
export function fieldsOf(schema: Schema): string[] {
  const required = (schema.required ?? []) as string[];
  return Object.entries((schema.properties ?? {}) as Record<string, Schema>).map(
    ([name, property]) =>
      `readonly ${keyOf(name)}${required.includes(name) ? '' : '?'}: ${renderType(property)}`,
  );
}

function renderPlain(type: unknown, schema: Schema): string {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'array': {
      const item = renderType((schema.items ?? {}) as Schema);
      return `readonly ${/\W/.test(item) ? `(${item})` : item}[]`;
    }
    case 'object':
      return schema.properties ? `{ ${fieldsOf(schema).join('; ')} }` : 'Readonly<Record<string, unknown>>';
    default:
      return 'unknown';
  }
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
