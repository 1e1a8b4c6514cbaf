import { randomUUID } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';

import { createCodePeppers } from '../../entities/auth/code-peppers';
import { deriveCode } from '../../entities/codes/derive-code';
import { newId } from '../../entities/values/uuid';
import { createAccessTokenReader, signAccessToken } from '../../platform/access-token';
import { createHttpClient } from '../../platform/http-client';
import { makeSigningKeys, readSigningKeys } from '../../platform/signing-keys';
import { bareCode, bareSend, bareUsed } from './bare';
import { closedLoop, type LoopResult } from './closed-loop';

/** People who sign in, beside workflows of the same shape whose steps do nothing. */
export interface MeasuredSignIns {
  readonly clients: number;
  readonly bare: LoopResult;
  readonly shop: LoopResult;
  /** Of the sessions that were opened. */
  readonly refreshes: LoopResult;
  /** Of one check of an access token, without its session. */
  readonly tokenCheckMs: number;
}

interface SignInsOptions {
  readonly apiUrl: string;
  /** As in CODE_PEPPERS. The codes are derived, so that no inbox is waited for. */
  readonly codePeppers: readonly string[];
  readonly database: DataSource;
  /** For the bare workflows. */
  readonly client: Client;
  readonly clients: number;
  readonly count: number;
}

const HTTP = createHttpClient({ timeoutMs: 60_000, maxBytes: 1_000_000 });
const TOKEN_CHECKS = 2_000;

/** From asking for a code to the tokens. The message itself is sent meanwhile. */
export async function measureSignIns(options: SignInsOptions): Promise<MeasuredSignIns> {
  const { client, clients, count, apiUrl } = options;
  const bare = await closedLoop(clients, count, () => runBareCode(client));
  const refreshTokens: string[] = [];
  const shop = await closedLoop(clients, count, async (index) => {
    refreshTokens.push(await signIn(options, `+98935${1_000_000 + index}`));
  });
  const refreshes = await closedLoop(clients, count, async (index) => {
    await post(`${apiUrl}/api/v1/auth/sessions/refresh`, { refreshToken: refreshTokens[index] });
  });
  return { clients, bare, shop, refreshes, tokenCheckMs: await tokenCheckMs() };
}

async function runBareCode(client: Client): Promise<void> {
  const workflowId = `bare-code:${randomUUID()}`;
  await client.workflow.executeUpdateWithStart(bareSend, {
    updateId: 'send',
    startWorkflowOperation: new WithStartWorkflowOperation(bareCode, {
      workflowId,
      taskQueue: 'checkout',
      args: [`bare-message:${randomUUID()}`],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowTaskTimeout: '5 seconds',
    }),
  });
  await client.workflow.getHandle(workflowId).signal(bareUsed);
}

async function signIn({ apiUrl, codePeppers, database }: SignInsOptions, phone: string): Promise<string> {
  const asked = await post(`${apiUrl}/api/v1/auth/verifications`, { phone });
  const verificationId = String(asked['id']);
  const { code } = (await deriveCode(database.manager, verificationId, createCodePeppers(codePeppers)))!;
  const answer = await post(`${apiUrl}/api/v1/auth/sessions`, {
    ...{ verificationId, phone, code },
    delivery: 'body',
  });
  return (answer['session'] as { refreshToken: string }).refreshToken;
}

/** Repeats what was not served in time, with the same key, as the API asks. */
async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'Idempotency-Key': randomUUID() };
  for (;;) {
    const { status, text } = await HTTP.postJson(url, body, headers);
    if (status <= 201) return JSON.parse(text) as Record<string, unknown>;
    if (status !== 503) throw new Error(`${url}: ${status} ${text}`);
  }
}

/** CPU, not time: the machine does other things as well. */
async function tokenCheckMs(): Promise<number> {
  const keys = readSigningKeys(makeSigningKeys());
  const terms = { issuer: 'http://127.0.0.1:3000', lifeSeconds: 600 };
  const read = createAccessTokenReader(keys, terms.issuer);
  const token = signAccessToken(keys, terms, { accountId: newId(), sessionId: newId(), generation: 1 });
  const request = new IncomingMessage(new Socket());
  request.headers.authorization = `Bearer ${token}`;
  request.headersDistinct['authorization'] = [`Bearer ${token}`];
  for (let n = 0; n < TOKEN_CHECKS; n++) await read(request);
  const before = process.cpuUsage();
  for (let n = 0; n < TOKEN_CHECKS; n++) await read(request);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / TOKEN_CHECKS;
}
