import { graphql, type GraphQLFormattedError } from 'graphql';

import { json, type Answer } from '../../kit/answer';
import type { Call } from '../../kit/call';
import type { Endpoint } from '../../kit/provider';
import { addRefund, getRefund, getRefunds } from './graphql/refunds';
import { accountSchema } from './graphql/schema';
import { listTransactions, sessionById } from './graphql/transactions';
import { GRAPHQL_HOSTS } from './hosts';
import type { Zarinpal } from './zarinpal';

/** The account API: refunds and lists, with HTTP 200 also for failures. */
export function graphqlEndpoint(zarinpal: Zarinpal): Endpoint {
  const rootValue = {
    Session: listTransactions(zarinpal),
    GetTransactions: listTransactions(zarinpal),
    SessionById: sessionById(zarinpal),
    GetRefund: getRefund(zarinpal),
    GetRefunds: getRefunds(zarinpal),
    AddRefund: addRefund(zarinpal),
  };

  async function answer({ headers, json: body }: Call): Promise<Answer> {
    if (!hasToken(headers.authorization)) return failed([{ message: 'Unauthenticated.' }]);
    const { query, variables, operationName } = body;
    if (typeof query !== 'string') return failed([{ message: 'The query field is required.' }]);
    const { graphqlFamily, timelineShape } = zarinpal.switches();
    const { data, errors } = await graphql({
      schema: accountSchema(graphqlFamily, timelineShape),
      source: query,
      rootValue,
      variableValues: isObject(variables) ? variables : {},
      operationName: typeof operationName === 'string' ? operationName : null,
    });
    return errors ? failed(errors) : json(200, { data });
  }

  return {
    name: 'graphql',
    methods: ['POST'],
    path: '/api/v4/graphql{/}',
    hosts: GRAPHQL_HOSTS,
    answer,
  };
}

/** Only the first failure is answered, and only its message. */
function failed([first]: readonly Pick<GraphQLFormattedError, 'message'>[]): Answer {
  return json(200, { errors: [{ message: first?.message }] });
}

function hasToken(authorization: string | undefined): boolean {
  const [scheme, token] = (authorization ?? '').split(' ');
  // A client without a token sends the word "undefined".
  return scheme === 'Bearer' && token !== undefined && token !== '' && token !== 'undefined';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}
