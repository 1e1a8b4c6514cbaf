import type { OpenApiDocument } from './document';
import { renderInterface, renderType } from './render-types';
import type { Schema, Schemas } from './schemas';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
  readonly security?: readonly unknown[];
}

const HEAD = `// Written by \`npm run openapi\` from api/openapi/openapi.json. Change the routes, not this file.
/* eslint-disable */
`;

/** The file `api/client/generated.ts`: every schema as a type, every operation with what it takes and answers. */
export function renderClient(document: OpenApiDocument): string {
  const { schemas } = document.components as { schemas: Schemas };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...(operation as Described) })),
  );
  return [
    HEAD,
    ...Object.entries(schemas).map(([name, schema]) => renderInterface(name, schema)),
    `/** What each operation takes and what it answers. */\nexport interface Operations {`,
    ...operations.map((operation) => renderOperation(operation)),
    `}\n`,
    `export const OPERATIONS = {`,
    ...operations.map(({ operationId, method, path }) => {
      return `  ${operationId}: { method: '${method.toUpperCase()}', path: '${path}' },`;
    }),
    `} as const;\n`,
  ].join('\n');
}

function renderOperation(operation: Described): string {
  const parts = [
    partOf('path', operation),
    partOf('query', operation),
    partOf('header', operation),
    bodyOf(operation),
  ].filter((part) => part !== undefined);
  const request = parts.length > 0 ? `{ ${parts.join('; ')} }` : 'object';
  return [
    `  /** ${operation.summary}. */`,
    `  readonly ${operation.operationId}: { readonly request: ${request}; readonly answer: ${answerOf(operation)} };`,
  ].join('\n');
}

function partOf(place: Parameter['in'], { parameters = [], security }: Described): string | undefined {
  const fields = parameters
    .filter((parameter) => parameter.in === place)
    .map(({ name, required, schema }) => {
      return { text: `readonly '${name}'${required ? '' : '?'}: ${renderType(schema)}`, required };
    });
  if (place === 'header' && security) {
    fields.push({ text: 'readonly Authorization: `Bearer ${string}`', required: true });
  }
  if (fields.length === 0) return undefined;
  const isNeeded = fields.some(({ required }) => required);
  const name = place === 'header' ? 'headers' : place;
  return `readonly ${name}${isNeeded ? '' : '?'}: { ${fields.map(({ text }) => text).join('; ')} }`;
}

function bodyOf({ requestBody }: Described): string | undefined {
  const schema = requestBody?.content?.['application/json']?.schema;
  return schema && `readonly body: ${renderType(schema)}`;
}

function answerOf({ responses }: Described): string {
  const types = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, { content }]) => content?.['application/json']?.schema)
    .map((schema) => (schema ? renderType(schema) : 'undefined'));
  return [...new Set(types)].join(' | ') || 'undefined';
}
