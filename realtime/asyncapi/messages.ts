import { needsFreshProof } from '../../entities/auth/policy';
import type { ErrorCode } from '../../entities/errors';
import { describeProblem, exampleProblem, ProblemView } from '../../entities/problem.view';
import { exampleOf } from '../../platform/json-schema/example-of';
import type { Schema, Schemas } from '../../platform/json-schema/schemas';
import type { Verb } from '../registry';

/** What is sent one way. Its `name` is that of the Socket.IO event. */
export interface Message {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly payload: Schema;
  readonly examples: readonly { readonly name?: string; readonly payload: unknown }[];
}

/** What the document says of a verb. */
export type Described = Omit<Verb, 'handle'>;

/** Refusals that every verb may answer with. */
const ALWAYS: readonly ErrorCode[] = [
  'request.invalid',
  'request.too_many',
  'access.forbidden',
  'socket.rooms_too_many',
  'service.failed',
  'service.unavailable',
];
/** A message whose example is made of those of its fields. */
export function messageOf(name: string, summary: string, payload: Schema, schemas: Schemas): Message {
  return { name, summary, payload, examples: [{ payload: exampleOf(payload, schemas.byName()) }] };
}

/** An event without a payload. */
export function signal(name: string, summary: string): Message {
  return { name, summary, payload: { type: 'null' }, examples: [{ payload: null }] };
}

/** An event of the journal. */
export function eventMessage(aggregate: string, type: string, payload: Schema, schemas: Schemas): Message {
  const schema: Schema = {
    type: 'object',
    properties: {
      aggregate: { type: 'string', enum: [aggregate] },
      id: { type: 'string', format: 'uuid' },
      version: { type: 'integer', minimum: 1 },
      type: { type: 'string', enum: [type] },
      payload,
      at: { type: 'string', format: 'date-time' },
    },
    required: ['aggregate', 'id', 'version', 'type', 'payload', 'at'],
  };
  return messageOf('event', `\`${type}\` in the journal`, schema, schemas);
}

/** The result of a verb, or a problem: each has an example. */
export function answerOf(name: string, verb: Described, tag: string, schemas: Schemas): Message {
  const { errors = [], guests, action, answer } = verb;
  const codes = [
    ...ALWAYS,
    ...errors,
    ...(guests ? [] : (['access.token_missing'] as const)),
    ...(needsFreshProof(action) ? (['auth.proof_needed'] as const) : []),
  ];
  const problems = refusalOf(name, codes, schemas);
  const result = schemas.referTo(answer, tag);
  return {
    ...problems,
    summary: 'The result, or the problem',
    payload: {
      oneOf: [acknowledgement(true, { result }), acknowledgement(false, { problem: problems.payload })],
    },
    examples: [
      { name: 'ok', payload: { ok: true, result: exampleOf(result, schemas.byName()) } },
      ...problems.examples.map(({ name: code, payload }) => ({
        ...(code ? { name: code } : {}),
        payload: { ok: false, problem: payload },
      })),
    ],
  };
}

function acknowledgement(ok: boolean, properties: Readonly<Record<string, Schema>>): Schema {
  return {
    type: 'object',
    properties: { ok: { type: 'boolean', enum: [ok] }, ...properties },
    required: ['ok', ...Object.keys(properties)],
    additionalProperties: false,
  };
}

/** Problems of these codes, each with an example. */
export function refusalOf(name: string, codes: readonly ErrorCode[], schemas: Schemas): Message {
  const payload = schemas.referTo(ProblemView, '');
  const whole = exampleOf(payload, schemas.byName()) as ProblemView;
  const sorted = [...new Set(codes)].toSorted();
  return {
    name,
    summary: 'The problem',
    description: sorted.map(describeProblem).join('\n\n'),
    payload,
    examples: sorted.map((code) => ({ name: code, payload: exampleProblem(code, whole) })),
  };
}
