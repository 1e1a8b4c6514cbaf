import { examplesOf } from '../../entities/describe/example';
import { isNullable } from '../../entities/describe/nullable';
import { ERRORS, type ErrorCode } from '../../entities/errors';
import { isNeverAbsent } from '../../entities/input/may-be-absent';
import { exampleProblem, ProblemView } from '../../entities/problem.view';
import { exampleOf } from '../../platform/json-schema/example-of';
import { createSchemas, type Schema, type Schemas } from '../../platform/json-schema/schemas';
import type { RegisteredRoute } from '../router';
import { operationOf } from './operation';
import { schemesOf } from './security';

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [field: string]: unknown;
}

/** The document of these routes. The same routes give the same document. */
export function describeApi(routes: readonly RegisteredRoute[]): OpenApiDocument {
  const schemas = createSchemas({ examplesOf, isNullable, isNeverAbsent });
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const operations = (paths[route.path.replaceAll(/:(\w+)/g, '{$1}')] ??= {});
    operations[route.method] = operationOf(route, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Asoud',
      version: '1',
      description:
        'The shop over HTTP. Money is an amount in the minor unit with its currency (IRR has none). Every failure is `application/problem+json` with a stable `code`; every answer carries `X-Request-Id`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: tagsOf(paths),
    paths,
    components: {
      schemas: schemas.byName(),
      examples: problemExamples(schemas),
      securitySchemes: schemesOf(routes.flatMap(({ documentation }) => documentation)),
    },
  };
}

function tagsOf(paths: OpenApiDocument['paths']): Schema[] {
  const operations = Object.values(paths).flatMap((path) => Object.values(path)) as { tags: string[] }[];
  return [...new Set(operations.flatMap(({ tags }) => tags))].map((name) => ({ name }));
}

/** A problem of each code, with what it carries. */
function problemExamples(schemas: Schemas): Record<string, Schema> {
  const whole = exampleOf(schemas.referTo(ProblemView, ''), schemas.byName()) as ProblemView;
  const codes = Object.keys(ERRORS) as ErrorCode[];
  return Object.fromEntries(codes.map((code) => [code, { value: exampleProblem(code, whole) }]));
}
