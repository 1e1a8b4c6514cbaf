import { ERRORS, type ErrorCode } from '../../entities/errors';
import type { RegisteredRoute } from '../router';
import type { AnswerShape, AnswerShapes, Shape } from '../shapes';
import type { Documentation } from './documentation';
import { ProblemView } from './problem.view';
import type { Schema, Schemas } from './schemas';
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
    tag = '',
    summary,
    description,
    answers,
    errors,
    refusalPage,
    body,
    query,
    params,
    headers,
  } = merged(route.documentation);
  const security = requirementsOf(route.documentation);
  const parameters = [
    ...(params ? parametersOf(schemas.inline(params, tag), params, 'path') : pathParameters(route.path)),
    ...(query ? parametersOf(schemas.inline(query, tag), query, 'query') : []),
    ...headers.map(({ name, sentence, required }) => {
      return { name, in: 'header', required, description: sentence, schema: { type: 'string' } };
    }),
  ];
  return {
    operationId: operationIdOf(route),
    tags: tag ? [tag] : [],
    summary,
    ...(description ? { description } : {}),
    ...(security.some((requirement) => Object.keys(requirement).length > 0) ? { security } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemas.referTo(body, tag) } },
          },
        }
      : {}),
    responses: {
      ...answersOf(answers, tag, schemas),
      ...refusalsOf([...errors, ...ALWAYS], answers, schemas.referTo(ProblemView, tag), refusalPage),
    },
  };
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
  if (typeof shape === 'function') return { 'application/json': { schema: schemas.referTo(shape, tag) } };
  if ('json' in shape) {
    return {
      'application/json': { schema: schemas.referTo(shape.json, tag) },
      'text/html': { schema: { type: 'string', description: shape.page } },
    };
  }
  const [Item] = shape;
  return { 'application/json': { schema: { type: 'array', items: schemas.referTo(Item, tag) } } };
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
      .map((status) => [
        String(status),
        {
          description: sorted
            .filter((code) => ERRORS[code].status === status)
            .map((code) => `\`${code}\`: ${ERRORS[code].title}`)
            .join('\n\n'),
          content: {
            'application/problem+json': { schema: problem },
            ...(page ? { 'text/html': { schema: { type: 'string', description: page } } } : {}),
          },
        },
      ]),
  );
}

function parametersOf(schema: Schema, Class: Shape, place: 'path' | 'query'): Schema[] {
  const required = (schema.required ?? []) as string[];
  const defaults = new Class() as Readonly<Record<string, unknown>>;
  return Object.entries((schema.properties ?? {}) as Record<string, Schema>).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description ? { description } : {}),
      schema: defaults[name] === undefined ? rest : { ...rest, default: defaults[name] },
    };
  });
}

function pathParameters(path: string): Schema[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => {
    return { name, in: 'path', required: true, schema: { type: 'string' } };
  });
}

/** Such as `getProductsBySlug`. It is unique, because method and path are. */
function operationIdOf({ method, path }: RegisteredRoute): string {
  const words = path
    .replace(/^\/api\/v\d+/, '')
    .split('/')
    .filter(Boolean)
    .map((part) =>
      part.startsWith(':') ? `By${capital(part.slice(1))}` : part.split(/\W+/).map(capital).join(''),
    );
  return method + words.join('');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
