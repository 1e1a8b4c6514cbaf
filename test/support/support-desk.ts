import { expect } from 'vitest';

import { createApiClient, type ApiAnswer } from '../../api/client/client';
import { OPERATIONS, type Operations } from '../../api/client/generated';
import { describeShop } from '../../api/openapi/shop-document';
import type { ChatActor } from '../../entities/chat/room-access';
import { handOutTicket } from '../../entities/support/hand-out-tickets';
import { readDeskTicket } from '../../entities/support/read-tickets';
import { newId } from '../../entities/values/uuid';
import { createRedis } from '../../platform/redis';
import { differencesFrom, operationsOf } from '../api/documented-answers';
import { openApiUnderTest } from '../unit/api/open-api-under-test';
import { buildAgent } from './factories/chat';
import { SILENT } from './journal';
import { liveToken, openRealtimeNode, redisConfigOf } from './open-realtime';
import { openShopDatabase } from './shop-database';
import { rows } from './sql';

const MANY = 100_000_000;

interface Answered<Body> {
  readonly status: number;
  readonly body: Body & { readonly code?: string };
}

/** The shop's desk of support. */
export type SupportDesk = Awaited<ReturnType<typeof openSupportDesk>>;

/** A shop with an API and two realtime nodes, and how customers and staff use them for tickets. */
export async function openSupportDesk() {
  const shop = await openShopDatabase({ poolSize: 12 });
  const realtime = { presenceSeconds: 1, framesPerSecond: 1_000, framesAtOnce: 1_000 };
  const [one, other] = await Promise.all([
    openRealtimeNode(shop, { realtime }),
    openRealtimeNode(shop, { realtime }),
  ]);
  const redis = createRedis(redisConfigOf(shop), SILENT);
  const api = await openApiUnderTest({
    limits: { customerRequestsPerMinute: MANY, staffRequestsPerMinute: MANY },
    neighbours: { database: shop.database, redis },
  });

  const enter = ({ accountId, sessionId }: ChatActor, node = one) =>
    node.connect('/support', { token: liveToken({ accountId, sessionId, generation: 1 }) });

  /** A request to the API. */
  async function ask<Body = Record<string, unknown>>(
    by: ChatActor,
    method: string,
    route: string,
    body?: object,
    key = newId(),
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered<Body>> {
    const response = await fetch(`${api.url}/api/v1/support${route}`, {
      method,
      headers: {
        authorization: `Bearer ${api.accessToken({ ...by, generation: 1 })}`,
        'content-type': 'application/json',
        'idempotency-key': key,
        ...headers,
      },
      body: body ? JSON.stringify(body) : null,
    });
    return {
      status: response.status,
      body: JSON.parse((await response.text()) || '{}') as Answered<Body>['body'],
    };
  }

  /** Calls through the client of the API, and compares each answer with the document. */
  function documented() {
    const document = describeShop();
    const operations = operationsOf(document);
    const differences = differencesFrom(document);
    const client = createApiClient(api.url);
    return async function to<Name extends keyof Operations>(
      by: ChatActor,
      name: Name,
      request: Omit<Operations[Name]['request'], 'headers'> & { readonly headers?: object },
    ): Promise<ApiAnswer<Operations[Name]['answer']>> {
      const authorization = { Authorization: `Bearer ${api.accessToken({ ...by, generation: 1 })}` };
      const signed = { ...request, headers: { ...request.headers, ...authorization } };
      const answer = await client.call(name, signed);
      const { method, path } = OPERATIONS[name];
      const operation = operations.find((it) => it.method === method && it.path === path)!;
      const type = 'application/json';
      if (answer.status !== 204)
        expect(differences(operation, answer.status, type, answer.data), name).toEqual([]);
      return answer;
    };
  }

  return {
    ...{ shop, one, other, redis, enter, ask, documented },
    deskOf: (ticketId: string) => readDeskTicket(shop.database.manager, ticketId),
    handOut: (ticketId: string) => shop.run((transaction) => handOutTicket(transaction, { ticketId })),
    /** Ends everybody's readiness, and gives all tickets that wait to somebody who is no part of a test. */
    async clearQueue(): Promise<void> {
      const { accountId } = await buildAgent(shop, 'staff');
      const { manager } = shop.database;
      await rows(manager, 'DELETE FROM support_agents');
      await rows(manager, 'UPDATE ticket_desks SET assignee_id = $1 WHERE assignee_id IS NULL', [accountId]);
    },
    async close() {
      await shop.assertInvariantsHold();
      await Promise.all([one.close(), other.close(), api.close()]);
      redis.disconnect();
      await shop.close();
    },
  };
}
