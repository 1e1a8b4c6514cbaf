import type { Schema } from '../../platform/json-schema/schemas';
import { ACCESS_TOKEN } from '../middleware/signed-in';
import type { OpenApiDocument } from './document';
import type { SecurityScheme } from './documentation';
import { renderInterface, renderType } from './render-types';
import type { SecurityRequirement } from './security';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
}

type SecuritySchemes = Readonly<Record<string, SecurityScheme['scheme']>>;

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
  readonly security?: readonly SecurityRequirement[];
}

const HEAD = `// Written by \`npm run openapi\` from api/openapi/openapi.json. Change the routes, not this file.
/* eslint-disable */
`;

/** The file `api/client/generated.ts`: every schema as a type, every operation with what it takes and answers. */
export function renderClient(document: OpenApiDocument): string {
  const { schemas, securitySchemes } = document.components as {
    schemas: Readonly<Record<string, Schema>>;
    securitySchemes: SecuritySchemes;
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...(operation as Described) })),
  );
  return [
    HEAD,
    ...Object.entries(schemas).map(([name, schema]) => renderInterface(name, schema)),
    `/** What each operation takes and what it answers. */\nexport interface Operations {`,
    ...operations.map((operation) => renderOperation(operation, securitySchemes)),
    `}\n`,
    `export const OPERATIONS = {`,
    ...operations.map(({ operationId, method, path, security = [] }) => {
      const takesToken = security.some((alternative) => ACCESS_TOKEN.id in alternative);
      return `  ${operationId}: { method: '${method.toUpperCase()}', path: '${path}', takesToken: ${takesToken} },`;
    }),
    `} as const;\n`,
  ].join('\n');
}

function renderOperation(operation: Described, schemes: SecuritySchemes): string {
  const { operationId, summary, parameters = [], security = [] } = operation;
  const fieldsIn = (place: Parameter['in']) =>
    parameters
      .filter((parameter) => parameter.in === place)
      .map(({ name, required, schema }) => ({ name, required, type: renderType(schema) }));
  const parts = [
    renderPart('path', fieldsIn('path')),
    renderPart('query', fieldsIn('query')),
    renderPart('headers', [...fieldsIn('header'), ...credentialsOf(security, schemes)]),
    renderBody(operation),
  ].filter((part) => part !== undefined);
  const request = parts.length > 0 ? `{ ${parts.join('; ')} }` : 'object';
  return [
    `  /** ${summary}. */`,
    `  readonly ${operationId}: { readonly request: ${request}; readonly answer: ${answerOf(operation)} };`,
  ].join('\n');
}

function renderPart(name: string, fields: readonly Field[]): string | undefined {
  if (fields.length === 0) return undefined;
  const isNeeded = fields.some(({ required }) => required);
  const rendered = fields.map(
    ({ name, required, type }) => `readonly '${name}'${required ? '' : '?'}: ${type}`,
  );
  return `readonly ${name}${isNeeded ? '' : '?'}: { ${rendered.join('; ')} }`;
}

/**
 * The headers of credentials: required when every alternative asks for them. A browser sends its cookies by itself, and the
 * client sends the access token of its session.
 */
function credentialsOf(alternatives: readonly SecurityRequirement[], schemes: SecuritySchemes): Field[] {
  const ids = [...new Set(alternatives.flatMap((alternative) => Object.keys(alternative)))];
  return ids.flatMap((id) => {
    const scheme = schemes[id];
    const required = id !== ACCESS_TOKEN.id && alternatives.every((alternative) => id in alternative);
    if (scheme?.type === 'http') {
      return [{ name: 'Authorization', required, type: '`Bearer ${string}`' }];
    }
    return scheme?.in === 'header' ? [{ name: scheme.name, required, type: 'string' }] : [];
  });
}

function renderBody({ requestBody }: Described): string | undefined {
  const content = requestBody?.content;
  const schema = (content?.['application/json'] ?? content?.['text/csv'])?.schema;
  return schema && `readonly body: ${renderType(schema)}`;
}

function answerOf({ responses }: Described): string {
  const types = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, { content }]) => content?.['application/json']?.schema)
    .map((schema) => (schema ? renderType(schema) : 'undefined'));
  return [...new Set(types)].join(' | ') || 'undefined';
}
