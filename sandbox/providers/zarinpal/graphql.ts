import { withFault } from './fault-injection';
import { parseDocument, type Field, type Operation } from './graphql/document';
import { GraphqlProblem } from './graphql/problem';
import { addRefund, getRefund, getRefunds } from './graphql/refunds';
import { SyntaxProblem } from './graphql/tokens';
import { listTransactions, sessionById } from './graphql/transactions';
import { jsonObject, type Incoming } from './incoming';
import { jsonReply, type AnswerReply, type Reply } from './reply';
import type { Sandbox } from './sandbox';

type Resolver = (sandbox: Sandbox, field: Field) => unknown;

const MUTATIONS: Readonly<Record<string, Resolver>> = { AddRefund: addRefund };
const QUERIES: Readonly<Record<string, Resolver>> = {
  Session: listTransactions,
  SessionById: sessionById,
  GetTransactions: listTransactions,
  GetRefund: getRefund,
  GetRefunds: getRefunds,
};
/** The two families of lists; which one the live service answers is unknown. */
const FAMILY: Readonly<Record<string, 'Session' | 'GetTransactions'>> = {
  Session: 'Session',
  SessionById: 'Session',
  GetTransactions: 'GetTransactions',
  GetRefund: 'GetTransactions',
  GetRefunds: 'GetTransactions',
};

/** Answers the account API: root fields by name, under their aliases, with HTTP 200 also for failures. */
export async function answerGraphql(sandbox: Sandbox, incoming: Incoming): Promise<Reply> {
  if (incoming.method !== 'POST') return jsonReply(405, { errors: [{ message: 'use POST' }] });
  const fault = sandbox.faults.take({ endpoint: 'graphql' });
  const body = jsonObject(incoming);
  let answer: unknown;
  const perform = (): AnswerReply => {
    answer = answerBody(sandbox, incoming.authorization, body);
    return jsonReply(200, answer);
  };
  const reply = fault ? await withFault(fault, sandbox.switches(), perform) : perform();
  sandbox.journal.add({
    kind: 'request',
    endpoint: 'graphql',
    body,
    ...(answer === undefined ? {} : { answer }),
    ...(fault ? { fault: { id: fault.id, kind: fault.kind, when: fault.when } } : {}),
  });
  return reply;
}

function answerBody(sandbox: Sandbox, authorization: string | null, body: Record<string, unknown>): unknown {
  try {
    checkToken(authorization);
    const operation = chosenOperation(body);
    const data: Record<string, unknown> = {};
    for (const field of operation.fields) {
      data[field.key] = project(resolverOf(sandbox, operation, field)(sandbox, field), field);
    }
    return { data };
  } catch (error) {
    if (error instanceof GraphqlProblem || error instanceof SyntaxProblem) {
      return { errors: [{ message: error.message }] };
    }
    throw error;
  }
}

function checkToken(authorization: string | null): void {
  const [scheme, token] = (authorization ?? '').split(' ');
  // A client without a token sends the word "undefined".
  if (scheme !== 'Bearer' || !token || token === 'undefined') throw new GraphqlProblem('Unauthenticated.');
}

function chosenOperation({ query, variables, operationName }: Record<string, unknown>): Operation {
  if (typeof query !== 'string') throw new GraphqlProblem('The query field is required.');
  const given =
    variables !== null && typeof variables === 'object' ? (variables as Record<string, unknown>) : {};
  const operations = parseDocument(query, given);
  const chosen =
    typeof operationName === 'string' ? operations.find(({ name }) => name === operationName) : operations[0];
  if (!chosen) throw new GraphqlProblem('Must provide an operation.');
  return chosen;
}

function resolverOf(sandbox: Sandbox, { type }: Operation, { name }: Field): Resolver {
  const [table, typeName] = type === 'mutation' ? [MUTATIONS, 'Mutation'] : [QUERIES, 'Query'];
  const { graphqlFamily } = sandbox.switches();
  const family = FAMILY[name];
  const isServed = graphqlFamily === 'both' || family === undefined || family === graphqlFamily;
  const resolver = Object.hasOwn(table, name) && isServed ? table[name] : undefined;
  if (!resolver) throw new GraphqlProblem(`Cannot query field "${name}" on type "${typeName}".`);
  return resolver;
}

/** Only the fields that were asked for, under their aliases. */
function project(value: unknown, field: Field): unknown {
  if (value === null || field.fields.length === 0) return value;
  if (Array.isArray(value)) return value.map((item) => project(item, field));
  const row = value as Record<string, unknown>;
  const shown: Record<string, unknown> = {};
  for (const wanted of field.fields) {
    if (!Object.hasOwn(row, wanted.name)) {
      throw new GraphqlProblem(`Cannot query field "${wanted.name}" on type "${field.name}".`);
    }
    shown[wanted.key] = project(row[wanted.name], wanted);
  }
  return shown;
}
