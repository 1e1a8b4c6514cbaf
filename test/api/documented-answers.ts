import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';

import type { OpenApiDocument } from '../../api/openapi/document';

type Json = Record<string, unknown>;

/** An operation of the document, with what a test needs to call it. */
export interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly pathParameters: readonly string[];
  readonly queryParameters: readonly string[];
  /** With those of the first of its security alternatives. */
  readonly headers: readonly string[];
  readonly hasBody: boolean;
  /** Whether every alternative of its credentials has an access token. */
  readonly demandsToken: boolean;
  /** Whether customers may not do it. */
  readonly isForStaff: boolean;
  readonly statuses: readonly string[];
}

interface Described {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
  readonly security?: readonly Json[];
  readonly description?: string;
  readonly responses: Readonly<Record<string, { readonly content?: Json }>>;
}

export function operationsOf(document: OpenApiDocument): Operation[] {
  const { securitySchemes } = document.components as { securitySchemes: Record<string, Json> };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const {
        parameters = [],
        requestBody,
        security = [],
        responses,
        description = '',
      } = described as Described;
      const names = (place: string) => parameters.filter((it) => it.in === place).map(({ name }) => name);
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        pathParameters: names('path'),
        queryParameters: names('query'),
        headers: [
          ...names('header'),
          ...Object.keys(security[0] ?? {}).flatMap((id) => headerOf(securitySchemes[id]!)),
        ],
        hasBody: requestBody !== undefined,
        demandsToken: security.length > 0 && security.every((alternative) => 'accessToken' in alternative),
        // The document ends the description with who may do it.
        isForStaff: /For (?!customer)[^.]*(support|staff|admin)/.test(description),
        statuses: Object.keys(responses),
      };
    }),
  );
}

function headerOf(scheme: Json): string[] {
  if (scheme.type === 'http') return ['Authorization'];
  return scheme.in === 'header' ? [scheme.name as string] : [];
}

/**
 * The differences between an answer and the document; empty when they agree. A field that the document does not name is a
 * difference, because the document would otherwise stay true while it says less and less.
 */
export function differencesFrom(
  document: OpenApiDocument,
): (operation: Operation, status: number, type: string, body: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const { schemas } = document.components as { schemas: Record<string, Json> };
  // Under its name a schema is compiled once. References into one document would be compiled again for each answer.
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(byName(closed(schema)), name);
  const compiled = new Map<string, ValidateFunction>();

  return (operation, status, type, body) => {
    const described = document.paths[operation.path]?.[operation.method.toLowerCase()] as Described;
    const content = described.responses[status]?.content?.[type] as { schema: Json } | undefined;
    if (!content) return [`${status} with ${type} is not documented`];
    const text = JSON.stringify(content.schema);
    const validate = compiled.get(text) ?? ajv.compile(byName(content.schema));
    compiled.set(text, validate);
    validate(body);
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      return `${instancePath} ${message} ${JSON.stringify(params)}`;
    });
  };
}

/** An answer has exactly the documented fields. */
function closed(schema: Json): Json {
  return { ...schema, additionalProperties: false };
}

const byName = (schema: Json) =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"')) as Json;
