import { randomUUID } from 'node:crypto';

import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';

import { createHttpClient } from '../../platform/http-client';
import { eventually } from '../support/eventually';
import { row } from '../support/sql';
import { bareMessage } from './bare';
import { closedLoop, type LoopResult } from './closed-loop';

/** Messages through the shop beside workflows of the same shape whose steps do nothing. */
export interface MeasuredMessages {
  readonly clients: number;
  readonly bare: LoopResult;
  readonly shop: LoopResult;
}

interface MessagesOptions {
  readonly apiUrl: string;
  /** A fresh one of somebody of the staff: rounds may take longer than a token lives. */
  readonly accessToken: () => string;
  /** Where the rows are: they say what was accepted. */
  readonly database: DataSource;
  /** For the bare workflows. */
  readonly client: Client;
  readonly clients: number;
  readonly count: number;
  readonly rounds: number;
}

const HTTP = createHttpClient({ timeoutMs: 60_000, maxBytes: 1_000_000 });

/** From the first request until a provider has accepted the last message; its delivery is not waited for. */
export async function measureMessages(options: MessagesOptions): Promise<MeasuredMessages> {
  const bare: LoopResult[] = [];
  const shop: LoopResult[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    bare.push(await runBareMessages(options));
    shop.push(await runMessages(options));
  }
  return { clients: options.clients, bare: joined(bare), shop: joined(shop) };
}

async function runMessages({
  apiUrl,
  accessToken,
  database,
  clients,
  count,
}: MessagesOptions): Promise<LoopResult> {
  const before = await acceptedSoFar(database);
  const token = accessToken();
  const startedAt = performance.now();
  await closedLoop(clients, count, async (index) => {
    const answer = await HTTP.postJson(
      `${apiUrl}/api/v1/sms/messages`,
      { to: `0912${1_000_000 + index}`, template: 'order_paid', variables: { number: String(index) } },
      { Authorization: `Bearer ${token}`, 'Idempotency-Key': randomUUID() },
    );
    if (answer.status !== 201) throw new Error(`${answer.status}: ${answer.text}`);
  });
  await eventually(
    () => acceptedSoFar(database),
    (accepted) => accepted >= before + count,
  );
  return resultOf(count, startedAt);
}

async function runBareMessages({ client, clients, count }: MessagesOptions): Promise<LoopResult> {
  const startedAt = performance.now();
  const results: Promise<unknown>[] = [];
  await closedLoop(clients, count, async () => {
    const handle = await client.workflow.start(bareMessage, {
      workflowId: `bare-message:${randomUUID()}`,
      taskQueue: 'checkout',
    });
    results.push(handle.result());
  });
  await Promise.all(results);
  return resultOf(count, startedAt);
}

async function acceptedSoFar({ manager }: DataSource): Promise<number> {
  const found = await row<{ count: number }>(
    manager,
    "SELECT count(*) FROM sms_attempts WHERE status = 'accepted'",
  );
  return found!.count;
}

function resultOf(count: number, startedAt: number): LoopResult {
  const seconds = (performance.now() - startedAt) / 1000;
  return { perSecond: count / seconds, seconds, count };
}

function joined(rounds: readonly LoopResult[]): LoopResult {
  const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0);
  const count = rounds.reduce((sum, round) => sum + round.count, 0);
  return { perSecond: count / seconds, seconds, count };
}
