import { whoMay, type Action } from '../../entities/auth/policy';
import { ERRORS, type ErrorCode } from '../../entities/errors';
import { describeProblem, ProblemView } from '../../entities/problem.view';
import { exampleOf } from '../../platform/json-schema/example-of';
import type { Schema, Schemas } from '../../platform/json-schema/schemas';
import type { RegisteredRoute } from '../router';
import type { AnswerShape, AnswerShapes, Shape } from '../shapes';
import type { Documentation } from './documentation';
import { requirementsOf } from './security';

/** An OpenAPI operation. */
export type Operation = Readonly<Record<string, unknown>>;

/** Refusals that every route may answer with. */
const ALWAYS: readonly ErrorCode[] = [
  'request.malformed',
  'request.host_missing',
  'request.timeout',
  'request.expectation_failed',
  'request.head_too_large',
  'service.failed',
  'service.unavailable',
];

/** The operation that a route's description and its guards make together. */
export function operationOf(route: RegisteredRoute, schemas: Schemas): Operation {
  const {
    operation,
    tag = '',
    summary,
    description,
    answers,
    errors,
    refusalPage,
    body,
    csvBody,
    query,
    params,
    headers,
    action,
  } = merged(route.documentation);
  const security = requirementsOf(route.documentation);
  const parameters = [
    ...(params ? parametersOf(params, 'path', tag, schemas) : pathParameters(route.path)),
    ...(query ? parametersOf(query, 'query', tag, schemas) : []),
    ...headers.map(({ name, sentence, example, required }) => {
      const shown = required
        ? { example, schema: { type: 'string' } }
        : { schema: { type: 'string', examples: [example] } };
      return { name, in: 'header', required, description: sentence, ...shown };
    }),
  ];
  return {
    operationId: operation,
    tags: tag ? [tag] : [],
    summary,
    ...descriptionOf(description, action),
    ...(security.some((requirement) => Object.keys(requirement).length > 0) ? { security } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': contentOfJson(schemas.referTo(body, tag), schemas) },
          },
        }
      : {}),
    ...(csvBody
      ? {
          requestBody: {
            required: true,
            content: { 'text/csv': { schema: { type: 'string' }, example: csvBody } },
          },
        }
      : {}),
    responses: {
      ...answersOf(answers, tag, schemas),
      ...refusalsOf([...errors, ...ALWAYS], answers, schemas.referTo(ProblemView, tag), refusalPage),
    },
  };
}

function descriptionOf(description: string | undefined, action: Action | undefined) {
  const sentences = [description, action && whoMay(action)].filter(Boolean).join(' ');
  return sentences === '' ? {} : { description: sentences };
}

function merged(parts: readonly Documentation[]) {
  return {
    ...(Object.assign({}, ...parts) as Documentation),
    answers: Object.assign({}, ...parts.map(({ answers }) => answers)) as AnswerShapes,
    errors: parts.flatMap(({ errors }) => errors ?? []),
    headers: parts.flatMap(({ headers }) => headers ?? []),
  };
}

function answersOf(answers: AnswerShapes, tag: string, schemas: Schemas): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, shape]) => {
      if (typeof shape === 'string') return [status, { description: shape }];
      const description = Number(status) < 300 ? 'The answer.' : 'The answer all the same.';
      return [status, { description, content: contentOf(shape, tag, schemas) }];
    }),
  );
}

function contentOf(shape: Exclude<AnswerShape, string>, tag: string, schemas: Schemas): Schema {
  if (typeof shape === 'function') {
    return { 'application/json': contentOfJson(schemas.referTo(shape, tag), schemas) };
  }
  if ('json' in shape) {
    return {
      'application/json': contentOfJson(schemas.referTo(shape.json, tag), schemas),
      'text/html': { schema: { type: 'string', description: shape.page } },
    };
  }
  const [Item] = shape;
  const list = { type: 'array', items: schemas.referTo(Item, tag) };
  return { 'application/json': contentOfJson(list, schemas) };
}

function contentOfJson(schema: Schema, schemas: Schemas): Schema {
  return { schema, example: exampleOf(schema, schemas.byName()) };
}

function refusalsOf(
  codes: readonly ErrorCode[],
  answers: AnswerShapes,
  problem: Schema,
  page: string | undefined,
): Record<string, unknown> {
  const sorted = [...new Set(codes)].toSorted();
  const statuses = [...new Set(sorted.map((code) => ERRORS[code].status))];
  return Object.fromEntries(
    statuses
      .filter((status) => !(status in answers))
      .map((status) => {
        const told = sorted.filter((code) => ERRORS[code].status === status);
        const examples = Object.fromEntries(
          told.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
        );
        const content = {
          'application/problem+json': { schema: problem, examples },
          ...(page ? { 'text/html': { schema: { type: 'string', description: page } } } : {}),
        };
        return [String(status), { description: told.map(describeProblem).join('\n\n'), content }];
      }),
  );
}

/** The documentation page fills in the example of a parameter. It leaves those of a schema for reading. */
function parametersOf(Class: Shape, place: 'path' | 'query', tag: string, schemas: Schemas): Schema[] {
  const schema = schemas.inline(Class, tag);
  const requiredNames = (schema.required ?? []) as string[];
  const defaults = new Class() as Readonly<Record<string, unknown>>;
  return Object.entries((schema.properties ?? {}) as Record<string, Schema>).map(([name, property]) => {
    const { description, examples: _own, ...rest } = property;
    const required = place === 'path' || requiredNames.includes(name);
    const example = exampleOf(property, schemas.byName());
    return {
      name,
      in: place,
      required,
      ...(description ? { description } : {}),
      ...(required ? { example } : {}),
      schema: {
        ...rest,
        ...(required ? {} : { examples: [example] }),
        ...(defaults[name] === undefined ? {} : { default: defaults[name] }),
      },
    };
  });
}

function pathParameters(path: string): Schema[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => {
    return { name, in: 'path', required: true, schema: { type: 'string' } };
  });
}
