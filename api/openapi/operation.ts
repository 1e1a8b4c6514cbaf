import { ERRORS, type ErrorCode } from '../../entities/errors';
import type { AnswerShape, Documentation, Shape } from '../middleware/guard';
import type { RegisteredRoute } from '../routers';
import { ProblemView } from './problem.view';
import { referTo, schemaOfAnswer, type Schema, type Schemas } from './schemas';

/** An OpenAPI operation. */
export type Operation = Readonly<Record<string, unknown>>;

/** Any answer may be one of these. */
const ALWAYS: readonly ErrorCode[] = ['service.failed', 'service.unavailable'];

/** The operation that a route's guards describe together. */
export function operationOf(route: RegisteredRoute, schemas: Schemas): Operation {
  const told = mergeDocumentation(route.guards.flatMap(({ documentation }) => documentation ?? []));
  const parameters = [
    ...(told.params ? parametersOf(told.params, 'path', schemas) : pathParameters(route.path)),
    ...(told.query ? parametersOf(told.query, 'query', schemas) : []),
    ...(told.headers ?? []).map(({ name, sentence, required }) => {
      return { name, in: 'header', required, description: sentence, schema: { type: 'string' } };
    }),
  ];
  return {
    operationId: operationIdOf(route),
    tags: told.tag ? [told.tag] : [],
    summary: told.summary,
    ...(told.description ? { description: told.description } : {}),
    ...(told.security ? { security: [{ [told.security]: [] }] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(told.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: referTo(told.body) } } } }
      : {}),
    responses: {
      ...answersOf(told.answers ?? {}),
      ...refusalsOf([...(told.errors ?? []), ...ALWAYS], told.answers),
    },
  };
}

function mergeDocumentation(parts: readonly Documentation[]): Documentation {
  const merged = Object.assign({}, ...parts) as Documentation;
  return {
    ...merged,
    answers: Object.assign({}, ...parts.map(({ answers }) => answers)) as Documentation['answers'] & object,
    errors: parts.flatMap(({ errors }) => errors ?? []),
    headers: parts.flatMap(({ headers }) => headers ?? []),
  };
}

function answersOf(answers: Readonly<Record<number, AnswerShape>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, shape]) => [
      status,
      typeof shape === 'string'
        ? { description: shape }
        : {
            description: Number(status) < 300 ? 'The answer.' : 'The answer all the same.',
            content: { 'application/json': { schema: schemaOfAnswer(shape) } },
          },
    ]),
  );
}

function refusalsOf(
  codes: readonly ErrorCode[],
  answers: Documentation['answers'] = {},
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
          content: { 'application/problem+json': { schema: referTo(ProblemView) } },
        },
      ]),
  );
}

function parametersOf(Class: Shape, place: 'path' | 'query', schemas: Schemas): Schema[] {
  const schema = schemas[Class.name];
  if (!schema) throw new Error(`${Class.name} has no validation decorators`);
  const required = (schema.required ?? []) as string[];
  const defaults = new Class() as Readonly<Record<string, unknown>>;
  return Object.entries(schema.properties as Record<string, Schema>).map(([name, property]) => {
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

/** As in `getProductsBySlug`: unique, because method and path are. */
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
